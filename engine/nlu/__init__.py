"""Understanding Vietnamese: Rasa graph components of our own over a pure core.

`config.yml`, in this order:

    language: vi
    pipeline:
      - name: engine.nlu.components.VietnameseTokenizer
      - name: engine.nlu.components.VietnameseIntentClassifier
      - name: engine.nlu.components.VietnameseEntityExtractor

What a parsed message carries (Rasa's parse data, and so `tracker.latest_message.parse_data` and the `latest_message`
of the action server):

    intent          {"name", "confidence"}: the likeliest intent with a calibrated probability; name `None` when nothing
                    can be read
    intent_ranking  the ten likeliest, probabilities over all intents sum to one
    in_scope        0 to 1: how likely the message is about any of the trained intents at all; finds strangers better
                    than the confidence does
    decision        "answer" | "ask" | "hand_off": what to do, by thresholds learned on messages kept out of training
    candidates      names of the two or three intents to offer when the decision is "ask", likeliest first
    mood            {"shouting", "exclaims", "asks", "happy", "upset"}: what the writing shows before any word is read
    entities        with `start` and `end` in the original text and a normalised `value` (`engine.nlu.entities`)

`VietnameseIntentClassifier` takes `doubt` (highest chance of a wrong answer to give without asking, default 0.3),
`seed`, and `ask_intent` and `hand_off_intent`: names that replace the intent when the decision is not to answer, for
rules that want to catch it the way they would catch Rasa's `nlu_fallback` (the ranking keeps the real names). Both
default to none: the intent stays, and the decision is read by the action.

The modules, from text to meaning: `cleaning` and `reading` (with `words`, `keyboards`, `lexicon`, `syllables`,
`marks`) read a message; `slips` mends unknown words by what was taught; `features` names what is in it; `vocabulary`,
`linear` and `evidence` weigh it; `calibration` and `decision` say how far to trust that; `training` (with `copies`)
learns all of it into a `model`. None of them knows Rasa; `components` is the only module that does.
"""
