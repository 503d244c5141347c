"""What a run showed, as one object for machines and as a page for people."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from bot.simulation.company import VirtualCompany
from bot.simulation.figures import Figures, Told, gini, quantile

MINUTE, HOUR = 60.0, 3600.0
MISSED = ("late", "renewed_in_time", "renewed_too_late")
"""Ends of a promise that was not kept by its date."""


def report(company: VirtualCompany, seconds: float) -> dict[str, Any]:
    """Return everything that was measured. Times are in minutes unless a name says otherwise."""
    figures, loops = company.figures, company.loops
    return {
        "days": company.plan.days,
        "seed": company.plan.seed,
        "first_day": company.plan.first.isoformat(),
        "people": len(company.staff.clerks),
        "customers": figures.customers,
        "messages": figures.messages,
        "turns": dict(sorted(figures.turns.items())),
        "unresolved_turns": len(company.house.memory.open_turns) + figures.turns["open"],
        "oldest_turn_seconds": round(loops.oldest_turn, 1),
        "closed_by_watchdog": loops.watched,
        "repetitions": {"sent": figures.repeated, "taken_as_new": figures.doubled},
        "cases": {
            "opened": sum(figures.cases.values()),
            "resolved": figures.resolved,
            "by_department": _cases(figures),
        },
        "double_owners": figures.double_owners,
        "off_duty_owners": figures.off_duty_owners,
        "hops": {"max": max(figures.hops, default=0), "cases": {str(k): v for k, v in sorted(figures.hops.items())}},
        "promises": _promises(figures),
        "waits": {name: _wait(samples) for name, samples in sorted(figures.waits.items())},
        "first_answers": {name: _wait(samples) for name, samples in sorted(figures.answers.items())},
        "waits_for_opening": _wait(figures.promised_waits),
        "wait_ranges": _ranges(figures),
        "coverage_gap_hours": _gaps(figures),
        "load": _load(company),
        **_happenings(company),
        "law_checks": company.laws.looks,
        "seconds": round(seconds, 1),
        "processor_seconds": round(figures.processor_seconds, 1),
        "ms_per_customer": round(figures.processor_seconds / max(figures.customers, 1) * 1000, 2),
    }


def _happenings(company: VirtualCompany) -> dict[str, Any]:
    """What people did and what went wrong."""
    figures, loops = company.figures, company.loops
    return {
        "customers_who": {
            "asked_again": figures.nudges,
            "left": figures.left,
            "came_back": figures.came_back,
            "rated": {str(score): count for score, count in sorted(figures.ratings.items())},
        },
        "breaks": {
            "taken": figures.breaks,
            "with_named_cover": figures.breaks_with_cover,
            "refused": figures.breaks_refused,
        },
        "requests": dict(sorted(figures.requests.items())),
        "approvals": dict(sorted(figures.approvals.items())),
        "shift_ends": dict(sorted(figures.handed_on.items())),
        "offers": {
            "claimed_by_hand": figures.claims,
            "missed": figures.offers_missed,
            "declined": figures.offers_refused,
        },
        "troubles": {
            "engine_outages": figures.outages,
            "engine_failures": company.engine.failures,
            "wrong_departments": company.engine.mistakes,
            "worker_faults": loops.faults,
            "worker_stalls": figures.stalls,
            "clock_jumps": figures.jumps,
            "fell_ill": figures.fell_ill,
        },
        "moves": {
            "transfers": figures.transfers,
            "chosen_dates": figures.chosen_dates,
            "held_by_guard": figures.held_by_guard,
            "refused": dict(sorted(figures.refused.items())),
        },
    }


def _cases(figures: Figures) -> dict[str, int]:
    return dict(figures.cases.most_common())


def _promises(figures: Figures) -> dict[str, Any]:
    ended = figures.promises
    missed = sum(ended[how] for how in MISSED)
    judged = ended["kept"] + missed
    return {
        "made": sum(ended.values()),
        "kept": ended["kept"],
        "missed": missed,
        "kept_share": _share(ended["kept"], judged),
        "renewed_before_passed_share": _share(ended["renewed_in_time"], missed),
        "ended": dict(sorted(ended.items())),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _wait(samples: array[float]) -> dict[str, float]:
    points = {f"p{round(share * 100)}": round(quantile(samples, share) / MINUTE, 1) for share in (0.5, 0.9, 0.99)}
    return {"cases": len(samples), **points}


def _ranges(figures: Figures) -> dict[str, Any]:
    """Everybody who was told a range; and those apart who had to queue, since for others it is the time to say yes."""
    queued = [one for one in figures.ranges if not one.at_once]
    desks: dict[str, list[Told]] = {}
    for one in figures.ranges:
        desks.setdefault(one.department, []).append(one)
    by_department = {name: _measured(told) for name, told in sorted(desks.items()) if name}
    return {**_measured(figures.ranges), "queued": _measured(queued), "by_department": by_department}


def _measured(given: Sequence[Told]) -> dict[str, Any]:
    inside = sum(one.low <= one.waited <= one.high for one in given)
    return {
        "given": len(given),
        "inside_share": _share(inside, len(given)),
        "median_width": round(quantile([one.high - one.low for one in given], 0.5) / MINUTE, 2),
        "median_wait": round(quantile([one.waited for one in given], 0.5) / MINUTE, 2),
    }


def _gaps(figures: Figures) -> dict[str, Any]:
    hours = {name: round(seconds / HOUR, 1) for name, seconds in sorted(figures.gaps.items()) if seconds}
    return {"total": round(sum(figures.gaps.values()) / HOUR, 1), "by_department": hours}


def _load(company: VirtualCompany) -> dict[str, Any]:
    clerks = company.staff.clerks.values()
    shares = [clerk.worked / max(clerk.there, HOUR) for clerk in clerks]
    teams: dict[str, list[float]] = {}
    for clerk in clerks:
        teams.setdefault(clerk.team, []).append(clerk.taken / max(clerk.there / HOUR, 1.0))
    uneven = {team: round(gini(rates), 3) for team, rates in teams.items() if len(rates) > 1}
    return {
        "gini": round(gini(shares), 3),
        "gini_within_teams": uneven,
        "people": {
            clerk.person.name: {
                "team": clerk.team,
                "cases": clerk.taken,
                "hours_there": round(clerk.there / HOUR, 1),
                "hours_worked": round(clerk.worked / HOUR, 1),
            }
            for clerk in clerks
        },
    }


def page(told: dict[str, Any]) -> str:
    """Return the result as lines for people, in Vietnamese."""
    return "\n".join(_lines(told))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    promises, ranges, turns = told["promises"], told["wait_ranges"], told["turns"]
    yield f"{told['days']} ngày, hạt giống {told['seed']}, {told['people']} nhân viên, {told['seconds']} giây"
    yield f"Khách: {told['customers']}; tin nhắn: {told['messages']}; phiếu: {told['cases']['opened']}"
    yield "Lượt: " + ", ".join(f"{name} {count}" for name, count in turns.items())
    yield f"Lượt bị bỏ rơi: {told['unresolved_turns']} (lâu nhất {told['oldest_turn_seconds']} giây)"
    yield f"Phiếu hai chủ: {told['double_owners']}; chủ phiếu vắng mặt: {told['off_duty_owners']}"
    yield f"Số lần chuyển nhiều nhất: {told['hops']['max']}"
    yield (
        f"Lời hẹn: {promises['made']}, giữ đúng {_percent(promises['kept_share'])}, "
        f"hẹn lại trước hạn {_percent(promises['renewed_before_passed_share'])}"
    )
    for whose, told_ranges in (("mọi khách", ranges), ("khách phải xếp hàng", ranges["queued"])):
        yield (
            f"Khoảng chờ đã báo, {whose}: {told_ranges['given']}, đúng {_percent(told_ranges['inside_share'])}, "
            f"rộng {told_ranges['median_width']} phút, chờ {told_ranges['median_wait']} phút (trung vị)"
        )
    yield "Khoảng chờ đã báo theo bộ phận (khách, đúng, rộng, chờ):"
    for name, of_desk in ranges["by_department"].items():
        yield (
            f"  {name:<20} {of_desk['given']:>6} {_percent(of_desk['inside_share']):>7} "
            f"{of_desk['median_width']:>6} {of_desk['median_wait']:>6}"
        )
    yield f"Giờ mở cửa không người trực: {told['coverage_gap_hours']['total']}"
    yield f"Độ lệch tải (Gini): {told['load']['gini']}"
    yield "Phút chờ đến khi có người nhận (p50 / p90 / p99):"
    for name, wait in told["waits"].items():
        yield f"  {name:<20} {wait['p50']:>7} {wait['p90']:>7} {wait['p99']:>7}   {wait['cases']} phiếu"


def _percent(share: float | None) -> str:
    return "không có" if share is None else f"{share:.1%}"
