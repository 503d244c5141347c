"""Training data that would hurt, told with file and line before any training starts.

Rasa reads its YAML with surprises: it copies environment variables into one-line texts, reads `[x](y)` as an entity,
drops lines it does not understand, turns unquoted labels into numbers, dates or nothing, and fails on the whole file
for one odd character. Data harvested from customers meets all of them. Standard library and PyYAML only.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

MAX_EXAMPLE_CHARS = 1_000
LABEL = re.compile(r"[a-z][a-z0-9_]{1,40}")
# Words that a YAML reader may take for something else than a text.
_NOT_LABELS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "nan", "inf"})
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_VARIABLE = re.compile(r"\$\{")
_ESCAPE = re.compile(r"\\[uUx][0-9a-fA-F]{2}")
_ENTITY = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<name>[^()]*)\)|\{(?P<json>[^{}]*)\})")
_DEFAULT_INTENTS = frozenset({"nlu_fallback", "back", "restart", "session_start"})
_YAML = (".yml", ".yaml")


@dataclass(frozen=True, order=True)
class Fault:
    """One reason not to train. `line` counts from 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Example:
    """One training example of one intent, as written."""

    intent: str
    text: str
    file: str
    line: int


def check_project(project: Path, also: Iterable[Path] = ()) -> list[Fault]:
    """All faults of a project directory (`config.yml`, `domain.yml`, `nlu/`, `stories/`), in file order.

    `also` are files of more examples, wherever they are; their faults are told under their names.
    """
    faults: list[Fault] = []
    files = [*sorted(_files(project)), *also]
    if not (project / "config.yml").is_file():
        faults.append(Fault("config.yml", 1, "is missing"))
    examples: list[Example] = []
    intents, entities = set[str](), set[str]()
    domains = 0
    for file in files:
        name = str(file.relative_to(project)) if file.is_relative_to(project) else file.name
        root, found = _read(file, name)
        faults += found
        if root is None:
            continue
        faults += [Fault(name, line, f"{label!r} is no label") for label, line in _bad_labels(root)]
        examples += _examples(root, name, faults)
        domains += _field(root, "intents") is not None
        intents |= set(_names(root, "intents"))
        entities |= set(_names(root, "entities"))
    if not domains:
        faults.append(Fault("domain.yml", 1, "declares no intents"))
    faults += _example_faults(examples, entities)
    faults += _intent_faults(examples, intents)
    return sorted(set(faults))


def _files(project: Path) -> Iterator[Path]:
    for name in ("config.yml", "domain.yml"):
        if (project / name).is_file():
            yield project / name
    for folder in ("domain", "nlu", "stories"):
        yield from (path for path in (project / folder).rglob("*") if path.suffix in _YAML)


def _read(file: Path, name: str) -> tuple[yaml.Node | None, list[Fault]]:
    """The parsed file, or the faults that keep it from being parsed at all."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Fault(name, 1, f"is not UTF-8 at byte {error.start}")]
    faults = []
    ascii_only = text.isascii()
    for number, line in enumerate(text.split("\n"), 1):
        if odd := _ODD.search(line):
            faults.append(Fault(name, number, f"holds the character U+{ord(odd.group()):04X}"))
        if _VARIABLE.search(line):
            faults.append(Fault(name, number, "holds ${...}, which Rasa replaces from the environment"))
        if ascii_only and _ESCAPE.search(line):
            faults.append(Fault(name, number, "holds a backslash escape, which Rasa decodes in a file of ASCII only"))
    if faults:
        return None, faults
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader), []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, [Fault(name, mark.line + 1 if mark else 1, f"is not YAML: {getattr(error, 'problem', error)}")]


def _field(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _labels(root: yaml.Node) -> Iterator[yaml.Node]:
    """Every place where an intent's or entity's name is declared: the domain, and the training examples."""
    for key in ("intents", "entities"):
        for item in _items(_field(root, key)):
            # With settings a name is the only key of a mapping.
            yield item.value[0][0] if isinstance(item, yaml.MappingNode) and item.value else item
    for item in _items(_field(root, "nlu")):
        label = _field(item, "intent")
        if label is not None:
            yield label


def _bad_labels(root: yaml.Node) -> Iterator[tuple[str, int]]:
    for label in _labels(root):
        text = label.value if isinstance(label, yaml.ScalarNode) else ""
        if not LABEL.fullmatch(text) or text in _NOT_LABELS or label.tag != "tag:yaml.org,2002:str":
            yield text, label.start_mark.line + 1


def _names(root: yaml.Node, key: str) -> Iterator[str]:
    for item in _items(_field(root, key)):
        name = item.value[0][0] if isinstance(item, yaml.MappingNode) and item.value else item
        if isinstance(name, yaml.ScalarNode):
            yield name.value


def _examples(root: yaml.Node, file: str, faults: list[Fault]) -> Iterator[Example]:
    for item in _items(_field(root, "nlu")):
        label, examples = _field(item, "intent"), _field(item, "examples")
        if label is None:
            continue
        line = item.start_mark.line + 1
        if not isinstance(examples, yaml.ScalarNode) or examples.style not in ("|", ">"):
            faults.append(Fault(file, line, f"{label.value}: examples are not a block of lines after `examples: |`"))
            continue
        first = examples.start_mark.line + 2
        for number, text in enumerate(examples.value.split("\n"), first):
            if not text.strip():
                continue
            if not text.startswith("- "):
                faults.append(Fault(file, number, "does not begin with `- `, so Rasa would drop it"))
                continue
            yield Example(str(label.value), text[2:].strip(), file, number)


def _example_faults(examples: Iterable[Example], entities: set[str]) -> Iterator[Fault]:
    for example in examples:
        reason = _reason(example.text, entities)
        if reason:
            yield Fault(example.file, example.line, reason)


def _reason(text: str, entities: set[str]) -> str | None:
    if len(text) > MAX_EXAMPLE_CHARS:
        return f"is longer than {MAX_EXAMPLE_CHARS} characters"
    if all(unicodedata.category(char)[0] in "CZ" for char in text):
        return "holds nothing that can be seen"
    if text.startswith("/"):
        return "begins with a slash, which Rasa reads as a finished classification"
    for entity in _ENTITY.finditer(text):
        name = entity["name"] if entity["name"] is not None else _json_entity(entity["json"] or "")
        if name is None or name.split(":", 1)[0] not in entities:
            return f"{entity.group()!r} would become an entity that the domain does not declare"
    return None


def _json_entity(body: str) -> str | None:
    found = re.search(r'"entity"\s*:\s*"([^"]*)"', body)
    return found.group(1) if found else None


def _folded(text: str) -> str:
    """Two examples with the same folded text are the same to the classifier."""
    plain = _ENTITY.sub(lambda entity: entity["text"], text)
    return " ".join(unicodedata.normalize("NFC", plain).casefold().split())


def _intent_faults(examples: list[Example], declared: set[str]) -> Iterator[Fault]:
    by_intent: dict[str, list[Example]] = defaultdict(list)
    by_text: dict[str, Example] = {}
    for example in examples:
        by_intent[example.intent].append(example)
        first = by_text.setdefault(_folded(example.text), example)
        if first.intent != example.intent:
            reason = f"the same text stands under {first.intent} at {first.file}:{first.line}"
            yield Fault(example.file, example.line, reason)
    for intent, own in by_intent.items():
        if len({_folded(example.text) for example in own}) == 1:
            yield Fault(own[0].file, own[0].line, f"{intent} has only one example")
        if intent not in declared and declared:
            yield Fault(own[0].file, own[0].line, f"{intent} is not an intent of the domain")
    for intent in sorted(declared - set(by_intent) - _DEFAULT_INTENTS):
        yield Fault("domain.yml", 1, f"{intent} has no examples")
    if not examples:
        yield Fault("nlu", 1, "holds no examples")
