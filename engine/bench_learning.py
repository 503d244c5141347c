"""Train the understanding again and again on growing data, for `./letan bench learning`.

`python -m engine.bench_learning`

Reads one request per line of standard input and answers each with one line of JSON:

- `{"lines": PATH}` gives `[{"text", "intent", "style", "everyday"}]` of a file or directory of labelled messages;
- `{"train": [{"text", "intent", "everyday"}], "read": [text]}` trains, and gives
  `{"seconds", "readings": [{"intent", "confidence", "ranking", "in_scope", "decision"}]}`.

Status 1 when data are bad, with one line per fault.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.bench_data import BadLinesError, Line, read_lines
from engine.bench_nlu import learn
from engine.nlu.model import Model
from engine.nlu.training import NothingToLearnError

_GUESSES = 5


def main() -> int:
    """Answer requests until there are none left."""
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line))
        except (BadLinesError, NothingToLearnError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _answer(request: Mapping[str, Any]) -> Any:
    if "lines" in request:
        return [asdict(line) for line in read_lines(Path(request["lines"]))]
    started = time.perf_counter()
    model = learn([Line(one["text"], one["intent"], everyday=one["everyday"]) for one in request["train"]])
    return {"seconds": time.perf_counter() - started, "readings": [_reading(model, text) for text in request["read"]]}


def _reading(model: Model, text: str) -> dict[str, Any]:
    meant = model.understand(text)
    top = meant.ranking[0] if meant.ranking else None
    return {
        "intent": top.intent if top else None,
        "confidence": top.confidence if top else 0.0,
        "ranking": [[one.intent, one.confidence] for one in meant.ranking[:_GUESSES]],
        "in_scope": meant.in_scope,
        "decision": meant.decision.value,
    }


if __name__ == "__main__":
    sys.exit(main())
