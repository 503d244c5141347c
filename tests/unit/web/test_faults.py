"""Every fault of what was sent has a sentence of ours, in both languages."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.web.faults import faults_of, ruled, told

PYDANTIC = re.compile(r"Input|should|Field required|valid|characters? long|permitted")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Form(BaseModel):
    """One field of every kind that a door takes."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=2, max_length=5)] = "abc"
    code: Annotated[str, Field(pattern="^x+$")] = "x"
    count: Annotated[int, Field(ge=1, le=9)] = 1
    exact: Annotated[int, Field(strict=True)] = 1
    switch: bool = True
    colour: Colour = Colour.RED
    word: Literal["a", "b"] = "a"
    names: Annotated[list[str], Field(max_length=1)] = []
    day: date | None = None
    at: AwareDatetime | None = None
    id: UUID | None = None


@pytest.mark.parametrize(
    ("given", "vietnamese", "english"),
    [
        ({"name": "abcdef"}, "Dài quá 5 ký tự.", "Longer than 5 characters."),
        ({"name": "a"}, "Cần ít nhất 2 ký tự.", "At least 2 characters are needed."),
        ({"name": 7}, "Phải là chữ.", "Text is needed."),
        ({"code": "y"}, "Không đúng dạng.", "This is not in the right form."),
        ({"count": 0}, "Phải từ 1 trở lên.", "It must be 1 or more."),
        ({"count": 10}, "Tối đa là 9.", "It must be 9 or less."),
        ({"count": "ba"}, "Phải là số nguyên.", "A whole number is needed."),
        ({"count": 1.5}, "Phải là số nguyên, không có phần lẻ.", "A whole number is needed, without a fraction."),
        ({"exact": 1.5}, "Phải là số nguyên.", "A whole number is needed."),
        ({"switch": "có"}, "Phải là đúng hoặc sai.", "Yes or no is needed."),
        ({"colour": "đỏ"}, "Chỉ nhận một trong: 'red' hoặc 'blue'.", "It must be one of: 'red' or 'blue'."),
        ({"word": "c"}, "Chỉ nhận một trong: 'a' hoặc 'b'.", "It must be one of: 'a' or 'b'."),
        ({"names": ["a", "b"]}, "Nhiều nhất 1 mục.", "1 entries at most."),
        ({"names": "a"}, "Phải là một danh sách.", "A list is needed."),
        ({"day": "2026-13-01"}, "Phải là một ngày có thật, dạng 2026-11-26.", "A day that exists is needed"),
        ({"at": "hôm qua"}, "Phải là một thời điểm có thật", "A moment that exists is needed"),
        ({"at": "2026-11-26T09:30:00"}, "Giờ phải kèm múi giờ", "The moment needs a time zone"),
        ({"id": "x"}, "Phải là một mã UUID.", "A UUID is needed."),
        ({"more": 1}, "Không có mục này, anh/chị bỏ đi giúp.", "There is no such field; leave it out."),
    ],
)
def test_a_fault_in_both_languages(given: dict[str, Any], vietnamese: str, english: str) -> None:
    with pytest.raises(ValidationError) as failure:
        Form.model_validate(given)
    for language, expected in (("vi", vietnamese), ("en", english)):
        faults = faults_of(failure.value, "body", language)
        assert list(faults) == list(given)
        (said,) = faults.values()
        assert said.startswith(expected)
        assert not PYDANTIC.search(said)


def test_one_fault_is_named_and_several_are_listed_by_field() -> None:
    assert told({"minutes": "Phải từ 1 trở lên."}, "vi") == "Dữ liệu gửi lên chưa đúng ở “minutes”: phải từ 1 trở lên."
    assert told({"a": "x", "b": "y"}, "vi") == "Dữ liệu gửi lên chưa đúng."
    assert told({"a": "x", "b": "y"}, "en") == "What was sent is not right."


def test_rules_of_the_house_have_their_own_words_and_english_ones_by_field() -> None:
    assert ruled("amount", "Số tiền phải lớn hơn 0.", "vi") == "Số tiền phải lớn hơn 0."
    assert ruled("amount", "Số tiền phải lớn hơn 0.", "en") == "The amount is missing, or cannot be meant."
    assert ruled("who_knows", "Sai.", "en") == "This value is not right."
