"""What is wrong with something that was sent, said for people: one sentence per fault, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("Thiếu mục này.", "This is missing."),
    "extra_forbidden": ("Không có mục này, anh/chị bỏ đi giúp.", "There is no such field; leave it out."),
    "string_type": ("Phải là chữ.", "Text is needed."),
    "string_too_long": ("Dài quá {max_length} ký tự.", "Longer than {max_length} characters."),
    "string_too_short": ("Cần ít nhất {min_length} ký tự.", "At least {min_length} characters are needed."),
    "string_pattern_mismatch": ("Không đúng dạng.", "This is not in the right form."),
    "int_type": ("Phải là số nguyên.", "A whole number is needed."),
    "int_parsing": ("Phải là số nguyên.", "A whole number is needed."),
    "int_from_float": ("Phải là số nguyên, không có phần lẻ.", "A whole number is needed, without a fraction."),
    "int_parsing_size": ("Số lớn quá.", "The number is too large."),
    "float_type": ("Phải là số.", "A number is needed."),
    "float_parsing": ("Phải là số.", "A number is needed."),
    "bool_type": ("Phải là đúng hoặc sai.", "Yes or no is needed."),
    "bool_parsing": ("Phải là đúng hoặc sai.", "Yes or no is needed."),
    "greater_than_equal": ("Phải từ {ge} trở lên.", "It must be {ge} or more."),
    "greater_than": ("Phải lớn hơn {gt}.", "It must be more than {gt}."),
    "less_than_equal": ("Tối đa là {le}.", "It must be {le} or less."),
    "less_than": ("Phải nhỏ hơn {lt}.", "It must be less than {lt}."),
    "enum": ("Chỉ nhận một trong: {expected}.", "It must be one of: {expected}."),
    "literal_error": ("Chỉ nhận một trong: {expected}.", "It must be one of: {expected}."),
    "list_type": ("Phải là một danh sách.", "A list is needed."),
    "tuple_type": ("Phải là một danh sách.", "A list is needed."),
    "dict_type": ("Phải là một nhóm có tên từng mục.", "An object with named fields is needed."),
    "model_type": ("Phải là một nhóm có tên từng mục.", "An object with named fields is needed."),
    "model_attributes_type": ("Phải là một nhóm có tên từng mục.", "An object with named fields is needed."),
    "too_long": ("Nhiều nhất {max_length} mục.", "{max_length} entries at most."),
    "too_short": ("Cần ít nhất {min_length} mục.", "At least {min_length} entries are needed."),
    "timezone_aware": ("Giờ phải kèm múi giờ, ví dụ +07:00.", "The moment needs a time zone, such as +07:00."),
    "uuid_type": ("Phải là một mã UUID.", "A UUID is needed."),
    "uuid_parsing": ("Phải là một mã UUID.", "A UUID is needed."),
    "string_unicode": ("Chữ có ký tự hỏng.", "The text has broken characters."),
}
_DAY: Final = ("Phải là một ngày có thật, dạng 2026-11-26.", "A day that exists is needed, such as 2026-11-26.")
_MOMENT: Final = (
    "Phải là một thời điểm có thật, dạng 2026-11-26T09:30:00+07:00.",
    "A moment that exists is needed, such as 2026-11-26T09:30:00+07:00.",
)
_UNKNOWN: Final = ("Giá trị này chưa đúng.", "This value is not right.")
_WHOLE: Final = ("Dữ liệu gửi lên chưa đúng.", "What was sent is not right.")
_ONE: Final = ("Dữ liệu gửi lên chưa đúng ở “{field}”: {said}", "What was sent is not right at “{field}”: {said}")

GUARDED: Final = (
    "This sentence refuses the customer without a way on. Name who takes it from here, pass the case on, or promise a "
    "time."
)
"""What the guard says in English."""

_RULES: Final[Mapping[str, str]] = {
    "amount": "The amount is missing, or cannot be meant.",
    "block": "The hours are not right, or clash with others.",
    "blocks": "The hours are not right, or clash with others.",
    "client_id": "The id of a message must be a UUID.",
    "code": "The code is wrong, was used, or belongs to no case of yours.",
    "cover_id": "This person cannot stand in.",
    "day": "The day is over, does not exist, or has a plan of its own.",
    "department": "There is no such department, or it cannot be this one.",
    "departments": "A department is unknown, or an agent would have none.",
    "due_at": "The date must be ahead, and not too far.",
    "email": "The address is malformed, unknown, or taken.",
    "end_at": "The end must come after the start, and not be too far from it.",
    "examples": "Sentences of customers only, one a line: lines of a training file are none.",
    "file": "The file is missing or empty, or broke off on its way.",
    "from_day": "From that day on this cannot be changed.",
    "kind": "There is no such kind.",
    "languages": "At least one language is needed, of those that the company answers in.",
    "name": "The name needs 1 to 80 characters.",
    "note": "A few words are needed, and not too many.",
    "password": "The password needs 12 to 256 characters.",
    "reason": "A reason is needed, in not too many words.",
    "role": "At least one active administrator must remain.",
    "skills": "The company knows no such skill.",
    "staff_id": "This person is unknown, or cannot be asked here.",
    "start_at": "The start is over, or lies in another absence of the same person.",
    "text": "Words are needed, and not too many.",
    "title": "Choose one of the known forms of address, or none.",
    "to": "The stretch of days is too long, or ends before it begins.",
    "valid_from": "The day is over.",
    "valid_to": "The last day is over, or comes before the first.",
    "weekday": "The weekday is not right.",
}
"""What the rules of the house say in English, by field; in Vietnamese each refusal has words of its own."""


def spoken(request: web.Request) -> str:
    """Return the language that the page shows: Vietnamese, unless it asks for English."""
    return "en" if request.headers.get("Accept-Language", "").startswith("en") else "vi"


def faults_of(failure: ValidationError, where: str, language: str) -> dict[str, str]:
    """Return a sentence for every field that is not right; ``where`` stands for the whole of what was sent."""
    return {
        ".".join(str(part) for part in one["loc"]) or where: _sentence(one["type"], one.get("ctx") or {}, language)
        for one in failure.errors(include_url=False, include_input=False)
    }


def told(faults: Mapping[str, str], language: str) -> str:
    """Return one sentence about all faults: the fault itself where there is only one."""
    if len(faults) != 1:
        return _in(_WHOLE, language)
    ((field, said),) = faults.items()
    return _in(_ONE, language).format(field=field, said=said[:1].lower() + said[1:])


def ruled(field: str, reason: str, language: str) -> str:
    """Return what a rule of the house says of a field; ``reason`` is its own, Vietnamese sentence."""
    return reason if language == "vi" else _RULES.get(field.rpartition(".")[2], _UNKNOWN[1])


def _sentence(kind: str, context: Mapping[str, Any], language: str) -> str:
    bounds = [context[name] for name in ("ge", "le") if name in context]
    if kind.startswith("datetime_") or any(isinstance(one, datetime) for one in bounds):
        return _in(_MOMENT, language)
    if kind.startswith("date_") or any(isinstance(one, date) for one in bounds):
        return _in(_DAY, language)
    return _in(_SAID.get(kind, _UNKNOWN), language).format_map(_worded(context, language))


def _worded(context: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Have the "or" of a choice in the right language."""
    either = " hoặc " if language == "vi" else " or "
    return {name: value.replace(" or ", either) if isinstance(value, str) else value for name, value in context.items()}


def _in(words: tuple[str, str], language: str) -> str:
    return words[1] if language == "en" else words[0]
