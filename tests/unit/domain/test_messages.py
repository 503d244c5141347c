"""Delivery states of outgoing messages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Delivery, Media, MessageKind, after_receipt, states_before


@pytest.mark.parametrize(
    "path",
    [
        (Delivery.QUEUED, Delivery.SENDING, Delivery.SENT, Delivery.DELIVERED, Delivery.SEEN),
        (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.SENT),
        (Delivery.QUEUED, Delivery.SENDING, Delivery.QUEUED, Delivery.SENDING, Delivery.FAILED),
    ],
)
def test_paths_that_happen(path: tuple[Delivery, ...]) -> None:
    assert all(current in states_before(following) for current, following in pairwise(path))


@pytest.mark.parametrize(
    ("current", "new"),
    [(Delivery.SENT, Delivery.QUEUED), (Delivery.FAILED, Delivery.SENT), (Delivery.UNKNOWN, Delivery.QUEUED)],
)
def test_history_is_not_rewritten(current: Delivery, new: Delivery) -> None:
    assert current not in states_before(new)


@given(st.lists(st.sampled_from([Delivery.DELIVERED, Delivery.SEEN]), min_size=1))
def test_receipts_in_any_order_end_at_the_furthest(receipts: list[Delivery]) -> None:
    current = Delivery.SENT
    for receipt in receipts:
        current = after_receipt(current, receipt)
    assert current is (Delivery.SEEN if Delivery.SEEN in receipts else Delivery.DELIVERED)


def test_a_receipt_cannot_revive_a_failed_message() -> None:
    assert after_receipt(Delivery.FAILED, Delivery.SEEN) is Delivery.FAILED


def test_a_file_is_here_only_when_its_reference_says_so() -> None:
    assert Media(kind=MessageKind.IMAGE, ref="media:ab/abc").stored_path == "ab/abc"
    assert Media(kind=MessageKind.IMAGE, ref="https://f.zdn.vn/1.jpg").stored_path is None
