"""What the fixture project's actions do, for whoever plays the action server: in this process or over HTTP."""

from typing import Any


def perform(body: dict[str, Any]) -> dict[str, Any]:
    """The protocol's answer to one action call."""
    name = body["next_action"]
    tracker = body["tracker"]
    message = tracker["latest_message"] or {}
    if name == "action_hours":
        facts = message.get("metadata") or {}
        return _answer(_slot("mood", "upset"), texts=[f"Dạ bây giờ là {facts.get('now', '?')} ạ."])
    if name == "action_human":
        handoff = {"department": "reception", "reason": "ask_human", "summary": message.get("text"), "collected": {}}
        return _answer({"event": "followup", "name": "utter_thank"}, texts=["Dạ vâng ạ."], custom={"handoff": handoff})
    if name == "validate_invoice_form":
        code = tracker["slots"]["tax_code"]
        return _answer(*([] if code is None or len(code) == 10 else [_slot("tax_code", None)]))
    if name == "action_invoice_done":
        slots = tracker["slots"]
        told = f"Dạ hoá đơn {slots['tax_code']} gửi về {slots['invoice_email']} ạ."
        return _answer({"event": "reset_slots"}, texts=[told])
    return _answer()


def _answer(*events: dict[str, Any], texts: list[str] | None = None, custom: Any = None) -> dict[str, Any]:
    responses = [{"text": text, "buttons": []} for text in texts or []]
    if custom:
        responses.append({"custom": custom})
    return {"events": [{"timestamp": None, **event} for event in events], "responses": responses}


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}
