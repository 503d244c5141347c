"""The calendar's door: holidays by name, opening hours, and who stands in for whom."""

from __future__ import annotations

from pathlib import Path

from bot.domain.company import Company
from tests.house import running_house


async def test_days_have_names_and_departments_their_hours_and_cover(
    database: str, company: Company, tmp_path: Path
) -> None:
    async with running_house(database, company, tmp_path) as house:
        lan = await house.staff("Lan", "accounting")
        status, body = await lan.get("/api/calendar", **{"from": "2027-02-01", "to": "2027-02-07"})
        assert status == 200
        named = {one["day"]: one["holiday"] for one in body["days"]}
        assert named["2027-02-01"] is None
        assert "Tết" in named["2027-02-06"]
        desks = {one["department"]: one for one in body["departments"]}
        assert desks["accounting"]["chain"] == ["accounting", "cashier", "sales", "reception", "customer_relations"]
        opened = [one["start_at"] for one in desks["sales"]["open"]]
        assert "2027-02-01T08:00:00+07:00" in opened
        assert not [one for one in opened if one.startswith("2027-02-06")]
        (whole,) = desks["facilities"]["open"]
        assert (whole["start_at"][:10], whole["end_at"][:10]) == ("2027-02-01", "2027-02-08")
        for first, last in (("2027-02-04", "2027-02-03"), ("2027-02-04", "2028-02-04")):
            status, refused = await lan.get("/api/calendar", **{"from": first, "to": last})
            assert (status, list(refused["fields"])) == (422, ["to"])
        assert len((await lan.get("/api/calendar"))[1]["days"]) == 14
        async with house.session.get(f"{house.url}/api/calendar") as response:
            assert response.status == 401
