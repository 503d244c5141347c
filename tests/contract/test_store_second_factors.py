"""Every store keeps second factors alike."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.second_factor import SecondFactor
from tests.contract.stores import Filling


async def test_a_second_factor_is_kept_replaced_and_taken_away(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    staff = room.uow.staff
    assert await staff.second_factor(lan.id) is None
    begun = SecondFactor(secret="JBSWY3DPEHPK3PXP")
    await staff.save_second_factor(lan.id, begun)
    assert await staff.second_factor(lan.id, lock=True) == begun
    assert await staff.second_factors() == frozenset(), "it asks for nothing until it is confirmed"
    used = replace(begun, confirmed=True, last_step=59_000_000)
    await staff.save_second_factor(lan.id, used)
    assert await staff.second_factor(lan.id) == used
    assert await staff.second_factor(minh.id) is None
    assert await staff.second_factors() == {lan.id}
    await staff.save_second_factor(lan.id, None)
    await staff.save_second_factor(lan.id, None)
    assert await staff.second_factor(lan.id) is None
