"""The result of a run as pictures: waits by hour, promises by day, load by person, hours that nobody staffed."""

from __future__ import annotations

from array import array
from datetime import date
from pathlib import Path

from bot.simulation.company import VirtualCompany
from bot.simulation.figures import quantile
from bot.simulation.svg import Part, columns, rows

_HOUR, _MINUTE = 3600.0, 60.0
_TYPICAL, _LONG = Part(name="một nửa chờ ít hơn", colour="plain"), Part(name="chín phần mười chờ ít hơn", colour="soft")
_KEPT = Part(name="giữ đúng", colour="good")
_RENEWED = Part(name="hẹn lại trước hạn", colour="fair")
_BROKEN = Part(name="trễ hạn", colour="bad")


def draw(company: VirtualCompany, directory: Path) -> list[Path]:
    """Write every picture into a directory, made where it is missing, and return the files."""
    directory.mkdir(parents=True, exist_ok=True)
    pictures = {
        "waits.svg": _waits(company),
        "promises.svg": _promises(company),
        "load.svg": _load(company),
        "coverage.svg": _coverage(company),
    }
    for name, text in pictures.items():
        (directory / name).write_text(text, encoding="utf-8")
    return [directory / name for name in pictures]


def _note(company: VirtualCompany) -> str:
    plan = company.plan
    return f"{plan.days} ngày từ {plan.first:%d/%m/%Y}, {company.figures.customers} khách, hạt giống {plan.seed}"


def _waits(company: VirtualCompany) -> str:
    of_hour = company.figures.waits_by_hour
    values = {f"{hour}h": [_minutes(of_hour.get(hour), 0.5), _minutes(of_hour.get(hour), 0.9)] for hour in range(7, 21)}
    title = "Phút chờ đến khi có người nhận phiếu, theo giờ khách hỏi"
    return columns(title, _note(company), (_TYPICAL, _LONG), values, stacked=False)


def _minutes(samples: array[float] | None, share: float) -> float:
    return round(quantile(samples, share) / _MINUTE, 1) if samples else 0.0


def _promises(company: VirtualCompany) -> str:
    by_day = sorted(company.figures.promises_by_day.items())
    values = {
        _day(day): [ended["kept"], ended["renewed_in_time"], ended["late"] + ended["renewed_too_late"]]
        for day, ended in by_day
    }
    note = f"{_note(company)}; mỗi cột là một ngày"
    return columns("Lời hẹn theo ngày", note, (_KEPT, _RENEWED, _BROKEN), values, stacked=True, labels=12)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}"


def _load(company: VirtualCompany) -> str:
    departments = company.company.departments
    values = {}
    for clerk in sorted(company.staff.clerks.values(), key=lambda one: (one.team, one.member.id)):
        share = clerk.worked / max(clerk.there, _HOUR)
        values[f"{clerk.person.name} – {departments[clerk.team].label()}"] = [round(share * 100, 1)]
    part = Part(name="phần giờ trực dành cho phiếu", colour="plain")
    return rows("Mỗi người bận bao nhiêu", _note(company), (part,), values, "%")


def _coverage(company: VirtualCompany) -> str:
    figures, weeks = company.figures, company.plan.days / 7
    values = {
        department.label(): [round(figures.gaps.get(name, 0.0) / _HOUR / weeks, 1)]
        for name, department in company.company.departments.items()
    }
    part = Part(name="giờ mỗi tuần", colour="fair")
    return rows(
        "Giờ mở cửa mà không ai trực, cả bộ phận trực thay cũng không", _note(company), (part,), values, "giờ/tuần"
    )
