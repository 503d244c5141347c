"""A YAML reader that remembers lines: a getter that finds a fault records it and answers with a harmless value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.adapters.company.faults import Collector

_MAX_BYTES = 1_000_000
_QUICK_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ID = re.compile(r"^[a-z][a-z0-9_]{1,40}$")
"""How everything is named that other parts of the product point at."""
_INTEGER = re.compile(r"^\d{1,3}(?:[ _.]?\d{3})*$|^\d+$")


@dataclass(frozen=True, slots=True)
class Item:
    """A value of the file with the line it stands on."""

    node: Node
    faults: Collector

    @property
    def line(self) -> int:
        """Line counted from 1."""
        return int(self.node.start_mark.line) + 1

    def text(self) -> str:
        """Return the scalar as it is written, without its quotes; no YAML 1.1 surprises such as `no` or `08:00`."""
        if isinstance(self.node, ScalarNode):
            value = str(self.node.value).strip()
            if value:
                return value
        self.faults.add(self.line, "cần một dòng chữ ở đây")
        return ""

    def raw_text(self) -> str:
        """Return the scalar with its outer spaces, for pieces that are glued into a sentence."""
        return str(self.node.value) if self.text() and isinstance(self.node, ScalarNode) else ""

    def integer(self, low: int, high: int) -> int:
        """Return a whole number; thousands may be grouped with a dot, a space or an underscore."""
        if isinstance(self.node, ScalarNode) and _INTEGER.match(self.node.value.strip()):
            value = int(re.sub(r"[ _.]", "", self.node.value))
            if low <= value <= high:
                return value
        self.faults.add(self.line, f"cần một số nguyên từ {low} đến {high}")
        return low

    def boolean(self) -> bool:
        """Return true or false, as YAML 1.2 writes them; `no` and `on` are faults, not guesses."""
        if isinstance(self.node, ScalarNode) and self.node.value in {"true", "false"}:
            return bool(self.node.value == "true")
        self.faults.add(self.line, "cần true hoặc false")
        return False

    def items(self) -> list[Item]:
        """Return the members of a list."""
        if isinstance(self.node, SequenceNode):
            return [Item(child, self.faults) for child in self.node.value]
        self.faults.add(self.line, "cần một danh sách ở đây")
        return []

    def section(self) -> Section:
        """Return the keys below this value; where there are none that is one fault, and not one more for each key."""
        if isinstance(self.node, MappingNode):
            return Section.of(self.node, self.faults)
        self.faults.add(self.line, "cần các mục con (khoá: giá trị) ở đây")
        return Section({}, self.line, Collector())

    def is_empty(self) -> bool:
        """Tell whether there is a list or a section, with nothing in it."""
        return not isinstance(self.node, ScalarNode) and not self.node.value

    def is_section(self) -> bool:
        """Tell whether keys stand below this value."""
        return isinstance(self.node, MappingNode)


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of one mapping. `line` is where a missing key should have stood."""

    entries: dict[str, Item]
    line: int
    faults: Collector

    @classmethod
    def of(cls, node: MappingNode, faults: Collector) -> Section:
        """Read a mapping; a key that stands twice is a fault, because YAML would silently keep the last."""
        entries: dict[str, Item] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            line = int(key.start_mark.line) + 1
            if not name:
                faults.add(line, "tên mục phải là một dòng chữ")
            elif name in entries:
                faults.add(line, f"mục “{name}” viết hai lần")
            else:
                entries[name] = Item(value, faults)
        return cls(entries, int(node.start_mark.line) + 1, faults)

    def known(self, *names: str) -> None:
        """Report every key that is not one of these: a misspelt key would otherwise be lost without a word."""
        for name, item in self.entries.items():
            if name not in names:
                self.faults.add(item.line, f"không có mục nào tên “{name}”; các mục dùng được: {', '.join(names)}")

    def need(self, name: str) -> Item | None:
        """Return a key that must be there; its absence is a fault."""
        item = self.entries.get(name)
        if item is None:
            self.faults.add(self.line, f"thiếu mục “{name}”")
        return item

    def text(self, name: str) -> str:
        """Return a required line of text, empty after a fault."""
        item = self.need(name)
        return item.text() if item is not None else ""

    def integer(self, name: str, low: int, high: int) -> int:
        """Return a required whole number, `low` after a fault."""
        item = self.need(name)
        return item.integer(low, high) if item is not None else low

    def integer_or(self, name: str, low: int, high: int, default: int) -> int:
        """Return a whole number that may be absent."""
        item = self.entries.get(name)
        return item.integer(low, high) if item is not None else default

    def items(self, name: str) -> list[Item]:
        """Return a required list, empty after a fault."""
        item = self.need(name)
        return item.items() if item is not None else []

    def optional_items(self, name: str) -> list[Item]:
        """Return a list that may be absent."""
        item = self.entries.get(name)
        return item.items() if item is not None else []

    def section(self, name: str) -> Section:
        """Return a required mapping, empty after a fault."""
        item = self.need(name)
        return item.section() if item is not None else Section({}, self.line, Collector())

    def optional_section(self, name: str) -> Section:
        """Return a mapping that may be absent, and is empty then."""
        item = self.entries.get(name)
        return item.section() if item is not None else Section({}, self.line, Collector())

    def __iter__(self) -> Iterator[tuple[str, Item]]:
        """Iterate over the keys in the order of the file."""
        return iter(self.entries.items())


def read(path: Path, faults: Collector, *, limit: int = _MAX_BYTES, quickly: bool = False) -> Section:
    """Read a YAML file into its top section; a file that cannot be read at all is one fault on its line.

    ``quickly`` reads with the C library where there is one, whose own words for a fault are fewer.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > limit:
            faults.add(1, f"tệp lớn hơn {limit // 1_000_000} MB")
            return Section({}, 1, Collector())
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=_QUICK_LOADER if quickly else yaml.SafeLoader)
    except OSError as error:
        faults.add(1, f"không đọc được tệp: {error.strerror}")
    except UnicodeDecodeError:
        faults.add(1, "tệp phải được lưu bằng UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(mark.line + 1 if mark is not None else 1, f"sai cú pháp YAML: {error.problem}")
    except yaml.YAMLError as error:
        faults.add(1, f"sai cú pháp YAML: {error}")
    else:
        if isinstance(node, MappingNode):
            return Section.of(node, faults)
        faults.add(1, "tệp phải gồm các mục ở ngoài cùng (khoá: giá trị)")
    return Section({}, 1, Collector())
