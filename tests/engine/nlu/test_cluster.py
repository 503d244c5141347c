"""Messages are put together by what they are about (hostile inputs included)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
NIGHT = [
    "cho em gửi xe qua đêm được không ạ",
    "tối nay gửi xe qua đêm ở đây được không",
    "chị muốn để xe qua đêm",
    "bên mình có nhận giữ xe qua đêm hông",
    "gui xe may qua dem bao nhieu tien vay shop",
]
CHARGER = ["cho mượn sạc điện thoại với", "cho em mượn cái sạc điện thoại", "có sạc điện thoại cho mượn không"]
ODD = ["", "👍", "\u2028", "${HOME}", "[a](b)", "\ud83d", "x" * 20_000, "- null", "0123"]


def clusters(texts: list[str], customers: list[str] | None = None) -> list[dict[str, Any]]:
    given = [
        json.dumps({"text": text, "customer": customers[number] if customers else str(number)})
        for number, text in enumerate(texts)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "engine.cluster"],
        input="\n".join(given),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_is_about_one_thing_is_together_and_named_by_its_words() -> None:
    night, charger = clusters([*NIGHT, *CHARGER, "ngoài kia mưa to quá"])
    assert sorted(night["members"]) == [0, 1, 2, 3, 4]
    assert sorted(charger["members"]) == [5, 6, 7]
    assert (night["size"], night["customers"]) == (5, 5)
    assert "sạc" in " ".join(charger["words"])


def test_no_filler_names_a_cluster_and_words_are_written_as_most_write_them() -> None:
    night, charger = clusters([*NIGHT, "gui xe qua dem voi shop oi", "cho minh gui xe qua dem a", *CHARGER])
    assert set(night["words"][:2]) == {"gửi xe", "qua đêm"}
    assert set(charger["words"][:3]) == {"điện thoại", "mượn", "sạc"}
    named = {word for one in (night, charger) for words in one["words"] for word in words.split()}
    assert not named & {"dạ", "ạ", "em", "cho", "mình", "không", "có", "được", "voi", "duoc", "minh", "a"}


def test_the_same_lines_give_the_same_clusters() -> None:
    assert clusters([*NIGHT, *CHARGER]) == clusters([*NIGHT, *CHARGER])


def test_many_messages_of_one_customer_come_after_few_of_many() -> None:
    texts, customers = [*CHARGER, *[f"gửi xe qua đêm {number}" for number in range(300)]], ["1", "2", "3", *["9"] * 300]
    first, second = clusters(texts, customers)
    assert (first["customers"], second["customers"]) == (3, 1)
    assert (second["size"], len(second["members"])) == (300, 200)


def test_nothing_and_nonsense_give_no_clusters_and_no_error() -> None:
    assert clusters([]) == []
    assert clusters(["alo"]) == []
    found = clusters([*ODD, *NIGHT])
    assert len(found) == 1
    assert sorted(found[0]["members"]) == [len(ODD) + number for number in range(5)]
