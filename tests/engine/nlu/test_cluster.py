"""Messages are put together by what they are about (hostile inputs included)."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sklearn.metrics import adjusted_rand_score

ROOT = Path(__file__).parents[3]
UNKNOWN = Path(__file__).with_name("unknown_messages.tsv")
"""Six needs that the house does not know, in several voices, and talk about nothing; one line each, need and text."""
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


def test_few_messages_are_put_together_by_need_and_rather_left_out_than_put_wrong() -> None:
    needs, texts = zip(*(line.split("\t") for line in UNKNOWN.read_text(encoding="utf-8").splitlines()), strict=True)
    placed: dict[int, int] = {}
    right = 0
    for label, one in enumerate(clusters(list(texts))):
        near = one["members"][: one["near"]]
        placed |= dict.fromkeys(near, label)
        ((need, count),) = Counter(needs[number] for number in near).most_common(1)
        right += count if need else 0
    # Whoever is in no group is a group of their own, and so is each message about nothing.
    told = [need or f"nothing {number}" for number, need in enumerate(needs)]
    rand = adjusted_rand_score(told, [placed.get(number, -1 - number) for number in range(len(needs))])
    share = sum(bool(needs[number]) for number in placed) / sum(map(bool, needs))
    assert right / len(placed) >= 0.97
    assert share >= 0.82
    assert rand >= 0.8


def test_what_is_less_near_comes_after_the_others_and_is_told_apart() -> None:
    night, _ = clusters(["để xe dưới hầm hay ngoài đường vậy em", *NIGHT, *CHARGER])
    assert (night["near"], night["members"][night["near"] :]) == (5, [0])
    assert (night["size"], night["customers"]) == (5, 5)
