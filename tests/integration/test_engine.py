"""The real engine as a process, with the fixture project's model: the door, the failures, the stateless dialogue."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.engine.running import PROJECT, TOKEN, ActionServer, RunningEngine, engine_serving, run_engine

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("engine") / "fixture.tar.gz"
    done = run_engine("engine.train", "--project", str(PROJECT), "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def actions() -> Iterator[ActionServer]:
    with ActionServer().serving() as server:
        yield server


@pytest.fixture(scope="module")
def serving(model: Path, actions: ActionServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    errors = tmp_path_factory.mktemp("serve") / "stderr"
    with engine_serving(model, actions.url, errors, "--action-seconds", "1.5") as running:
        yield running


@pytest.fixture
def engine(serving: RunningEngine, actions: ActionServer) -> RunningEngine:
    actions.mode = "ok"
    actions.calls.clear()
    return serving


# The answer


def test_a_turn_brings_everything_in_one_answer(engine: RunningEngine, actions: ActionServer) -> None:
    facts = {"now": "2026-11-25T09:30:00+07:00", "open_cases": [{"code": "KT-0042"}]}
    status, answer = engine.turn("cho gặp nhân viên", message_id="m-456", facts=facts)
    assert status == 200
    assert answer["message_id"] == "m-456"
    assert answer["model_id"] == engine.ready_line.split("model=")[1]
    assert answer["intent"]["name"] == "ask_human"
    assert 0 < answer["intent"]["confidence"] <= 1
    assert len(answer["ranking"]) == 5
    assert answer["messages"][0] == {"text": "Dạ vâng ạ.", "buttons": []}
    assert answer["outcomes"][0]["handoff"]["department"] == "reception"
    assert actions.calls[0]["tracker"]["latest_message"]["metadata"] == facts
    assert actions.calls[0]["tracker"]["latest_message"]["message_id"] == "m-456"
    assert "domain" not in actions.calls[0]


def test_buttons_and_entities_arrive(engine: RunningEngine) -> None:
    assert engine.turn("tôi muốn vay")[1]["messages"][0]["buttons"][0] == {"title": "Đúng rồi", "payload": "đúng rồi"}
    entity = engine.turn("xuất hoá đơn mã số thuế 0101234567")[1]["entities"][0]
    assert (entity["entity"], entity["value"]) == ("tax_code", "0101234567")


# The door (rasa.md R1 to R8)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN},
        {"Authorization": "Basic " + TOKEN},
        {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "turn"), ("GET", "health"), ("POST", f"turn?token={TOKEN}")])
def test_without_the_token_nothing_is_answered(
    engine: RunningEngine, method: str, path: str, headers: dict[str, str]
) -> None:
    body = {"conversation": "c", "message_id": "m", "text": "xin chào"} if method == "POST" else None
    status, answer = engine.call(f"/webhooks/letan/{path}", body, method=method, headers=headers)
    assert status == 401
    assert set(answer) == {"error", "detail"}


def test_health_names_the_model(engine: RunningEngine) -> None:
    status, answer = engine.call("/webhooks/letan/health", method="GET")
    assert (status, answer["ready"]) == (200, True)
    assert answer["model_id"].startswith("m-")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/version"),
        ("GET", "/status"),
        ("GET", "/domain"),
        ("GET", "/conversations/c-1/tracker"),
        ("POST", "/conversations/c-1/trigger_intent"),
        ("PUT", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/parse"),
        ("POST", "/webhooks/rest/webhook"),
        ("POST", "/webhooks/telegram/webhook"),
        ("GET", "/webhooks/telegram/set_webhook"),
        ("GET", "/socket.io/"),
        ("GET", "/webhooks/letan/turn"),
    ],
)
def test_rasas_own_doors_do_not_exist(engine: RunningEngine, method: str, path: str) -> None:
    status, _ = engine.call(path, {} if method != "GET" else None, method=method)
    assert status in {404, 405}


def test_the_root_says_nothing(engine: RunningEngine) -> None:
    assert engine.call("/", method="GET", headers={}) == (200, "Lễ Tân engine\n")


def test_it_listens_on_loopback_only(engine: RunningEngine) -> None:
    port = f"{engine.port:04X}"
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    addresses = {row[1].rsplit(":", 1)[0] for row in listening if row[1].endswith(f":{port}") and row[3] == "0A"}
    assert addresses == {"0100007F"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (64 * 1024 + 1), 413),
        (b"{", 422),
        ({"conversation": "c", "message_id": "m", "text": "x" * 1001}, 422),
        ({"conversation": "c", "message_id": "m"}, 422),
        ({"conversation": "c", "message_id": "m", "text": "a", "facts": {"now": "gestern"}}, 422),
        ({"conversation": "c", "message_id": "m", "text": "a", "facts": {"now": "2026-11-25T09:30:00"}}, 422),
    ],
)
def test_a_bad_request_is_told(engine: RunningEngine, body: Any, status: int) -> None:
    told, answer = engine.call(body=body)
    assert told == status
    assert "error" in answer


@pytest.mark.parametrize(
    "prefix", ["/", "  /", "//", "\uff0f", "\u200b/", "\u2060 /", "\u3000/", "\ufeff/", "\u202e/", "\u2215", "\n/"]
)
@pytest.mark.parametrize("rest", ['duyet_hoan_tien{"so_tien":"999999"}', 'affirm{"tax_code": "0101"}', "restart"])
def test_a_customer_cannot_name_an_intent(engine: RunningEngine, prefix: str, rest: str) -> None:
    status, answer = engine.turn(prefix + rest)
    if status == 200:
        assert answer["intent"]["name"] not in {"duyet_hoan_tien", "restart"}
        assert answer["intent"]["confidence"] < 0.999
        assert answer["entities"] == []
        assert len(answer["ranking"]) == 5
    else:
        assert (status, answer["error"]) == (503, "empty")


def test_the_text_mini_language_makes_no_entities(engine: RunningEngine) -> None:
    _, answer = engine.turn('xin chào [áo]{"entity":"tax_code","value":"=cmd"} [x](tax_code)')
    assert answer["entities"] == []


def test_customers_words_and_tokens_stay_out_of_the_log(engine: RunningEngine) -> None:
    engine.turn("mật khẩu của tôi là hunter2")
    engine.call(body=b"hunter2{")
    logged = engine.errors.read_text()
    assert "hunter2" not in logged
    assert TOKEN not in logged
    assert "leaked-secret-123" not in logged


# Failures are failures (rasa.md R8, hostile inputs 56)


@pytest.mark.parametrize(
    "mode",
    ["500", "html", "empty", "list", "unknown_event", "bad_event", "reminder", "huge", "bad_outcome", "hang"],
)
def test_a_failing_action_is_a_503_within_its_time(engine: RunningEngine, actions: ActionServer, mode: str) -> None:
    actions.mode = mode
    started = time.monotonic()
    status, answer = engine.turn("mấy giờ mở cửa")
    assert (status, answer["error"]) == (503, "action_server")
    assert time.monotonic() - started < 60  # a hanging action hangs for ever
    actions.mode = "ok"
    assert engine.turn("mấy giờ mở cửa")[0] == 200


def test_a_turn_without_an_answer_is_empty(engine: RunningEngine) -> None:
    assert engine.turn("ứng dụng bị lỗi") == (503, {"error": "empty", "detail": "neither a message nor an outcome"})


def test_an_action_that_rejects_lets_the_policies_choose_again(engine: RunningEngine, actions: ActionServer) -> None:
    actions.mode = "rejects"
    status, answer = engine.turn("mấy giờ mở cửa")
    assert (status, answer["error"]) == (503, "empty")


def test_no_action_server_at_all(model: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with engine_serving(model, f"http://127.0.0.1:{port}/webhook", tmp_path / "err") as alone:
        assert alone.turn("xin chào")[0] == 200
        status, answer = alone.turn("mấy giờ mở cửa")
        assert (status, answer["error"]) == (503, "action_server")
        alone.process.terminate()
        assert alone.process.wait(timeout=60) == 0


# The stateless dialogue


def test_a_form_goes_on_from_the_state_alone(engine: RunningEngine) -> None:
    _, first = engine.turn("tôi cần hoá đơn đỏ")
    assert "mã số thuế" in first["messages"][0]["text"]
    _, second = engine.turn("mã số thuế là 0312345678", first["dialogue"], message_id="m-2")
    assert "email" in second["messages"][0]["text"]
    _, third = engine.turn("ke.toan@abc.vn", second["dialogue"], message_id="m-3")
    assert third["messages"][0]["text"] == "Dạ hoá đơn 0312345678 gửi về ke.toan@abc.vn ạ."


def test_the_same_message_again_gives_the_same_answer(engine: RunningEngine) -> None:
    now = {"now": "2026-11-25T09:30:00+07:00"}
    _, first = engine.turn("tôi cần hoá đơn đỏ", facts=now)
    again = [engine.turn("mã số thuế là 0312345678", first["dialogue"], facts=now) for _ in range(3)]
    assert again[0] == again[1] == again[2]


def test_many_messages_of_one_conversation_do_not_wait_for_each_other(engine: RunningEngine) -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda _: engine.turn("mấy giờ mở cửa")[0], range(40)))
    assert set(results) == {200}
    assert time.monotonic() - started < 60  # forty turns of two seconds, had the call of each timed out


def test_a_session_expires_by_the_clock_of_the_front_office(engine: RunningEngine) -> None:
    _, first = engine.turn("tôi cần hoá đơn đỏ", facts={"now": "2026-11-25T09:30:00+07:00"})
    assert {"loop": "invoice_form"} in first["dialogue"]["events"]
    _, soon = engine.turn("cảm ơn em", first["dialogue"], facts={"now": "2026-11-25T10:20:00+07:00"})
    assert {"loop": "invoice_form"} in soon["dialogue"]["events"]
    _, later = engine.turn("cảm ơn em", first["dialogue"], facts={"now": "2026-11-25T11:00:00+07:00"})
    assert {"loop": "invoice_form"} not in later["dialogue"]["events"]


GOOD_EVENTS = [{"action": "action_listen"}]


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"v": 2, "at": 0, "events": GOOD_EVENTS},
        {"v": 1, "events": GOOD_EVENTS},
        {"v": 1, "at": "x", "events": GOOD_EVENTS},
        {"v": 1, "at": 0, "events": "x"},
        {"v": 1, "at": 0, "events": []},
        {"v": 1, "at": 0, "events": GOOD_EVENTS * 201},
        {"v": 1, "at": 0, "events": [7]},
        {"v": 1, "at": 0, "events": [{}]},
        {"v": 1, "at": 0, "events": [{"user": "x"}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"user": {"intent": 7}}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"user": {"intent": "greet", "entities": [1]}}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"action": "action_gone"}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"loop": "form_gone"}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"loop": ["x"]}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"slot": ["x"], "value": 1}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [{"slot": "slot_gone", "value": 1}, *GOOD_EVENTS]},
        {"v": 1, "at": 0, "events": [*GOOD_EVENTS, {"action": "utter_greet"}]},
    ],
)
def test_a_damaged_state_is_a_fresh_conversation(engine: RunningEngine, state: dict[str, Any]) -> None:
    status, answer = engine.turn("xin chào", state)
    assert status == 200
    assert answer["messages"][0]["text"] == "Dạ em chào anh/chị ạ."


def test_a_slot_that_cannot_be_kept_does_not_grow_the_state(engine: RunningEngine) -> None:
    state = {"v": 1, "at": 0, "events": [{"slot": "tax_code", "value": "1" * 20_000}, *GOOD_EVENTS]}
    _, answer = engine.turn("cảm ơn em", state, facts={"now": "1970-01-01T00:00:10+00:00"})
    assert answer["dialogue"]["events"] == GOOD_EVENTS


def test_a_thousand_turns_carry_what_ten_do(engine: RunningEngine, actions: ActionServer) -> None:
    texts = ["tôi muốn vay", "mấy giờ mở cửa", "cảm ơn em", "tôi cần hoá đơn đỏ", "mã số thuế là 0312345678", "a@b.vn"]
    state, sizes, lengths = None, [], []
    for index in range(1_000):
        status, answer = engine.turn(texts[index % len(texts)], state, message_id=f"m-{index}")
        if status == 503 and answer["error"] in ("empty", "action_server"):
            continue  # the fixture's fallback is silent, or the machine too busy; then nothing is kept
        assert status == 200, answer
        state = answer["dialogue"]
        sizes.append(len(json.dumps(state)))
        lengths.append(len(state["events"]))
    assert len(sizes) > 800
    assert max(sizes) <= 8 * 1024
    assert max(sizes[500:]) <= 1.05 * max(sizes[:100])  # ids of messages grow by a digit
    assert max(lengths[500:]) <= max(lengths[:100])
    sent = [len(json.dumps(call)) for call in actions.calls]
    assert max(sent[len(sent) // 2 :]) <= 1.1 * max(sent[: len(sent) // 5])


# Equal to Rasa


def test_whole_dialogues_come_out_as_rasa_would_have_them(model: Path) -> None:
    done = run_engine("tests.engine.compare", str(model), "8", "25")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["turns"] == 200
    assert report["differences"] == []


def test_answers_of_actions_are_accepted_and_refused_as_by_rasa() -> None:
    done = run_engine("tests.engine.compare_validation")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["differences"] == []
    assert report["accepted"] > 20
    assert report["refused"] > 20
