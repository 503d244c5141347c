"""Small charts as SVG, written by hand: no library is needed for bars and labels.

Colours follow the reader's light or dark mode; they are told apart by lightness as well as by hue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
svg { font: 12px system-ui, sans-serif; }
.ground { fill: #ffffff; } .ink { fill: #24292f; } .faint { fill: #57606a; } .grid { stroke: #d0d7de; }
.good { fill: #2da44e; } .fair { fill: #bf8700; } .bad { fill: #a40e26; }
.plain { fill: #0969da; } .soft { fill: #9ecbff; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117; } .ink { fill: #e6edf3; } .faint { fill: #9198a1; } .grid { stroke: #30363d; }
  .good { fill: #3fb950; } .fair { fill: #e3b341; } .bad { fill: #ff7b72; }
  .plain { fill: #58a6ff; } .soft { fill: #1f4f86; }
}
"""
_LEFT, _TOP, _RIGHT, _BOTTOM = 56.0, 64.0, 16.0, 36.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One series of a chart: its name in the legend and its class of colour."""

    name: str
    colour: str


class Canvas:
    """Collects elements and gives them back as one file."""

    def __init__(self, width: float, height: float, title: str, note: str) -> None:
        self._width, self._height, self._title = width, height, title
        self._parts: list[str] = []
        self.text(16, 24, title, size=15, weight=600)
        self.text(16, 44, note, colour="faint")

    def rect(self, x: float, y: float, width: float, height: float, colour: str, told: str) -> None:
        """Draw a bar that says what it is when it is pointed at."""
        if width > 0 and height > 0:
            box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            self._parts.append(f'<rect class="{colour}" {box}><title>{escape(told)}</title></rect>')

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a line of the grid."""
        self._parts.append(f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = "ink",
        anchor: str = "start",
        size: int = 12,
        weight: int = 400,
    ) -> None:
        """Write something."""
        look = f'class="{colour}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"'
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>')

    def legend(self, parts: Sequence[Part], x: float) -> None:
        """Write which colour is what, from right to left."""
        for part in reversed(parts):
            x -= 20 + 7.0 * len(part.name)
            self.rect(x, 15, 10, 10, part.colour, part.name)
            self.text(x + 14, 24, part.name, colour="faint")

    def file(self) -> str:
        """Return the whole picture."""
        box = (
            f'viewBox="0 0 {self._width:.0f} {self._height:.0f}" width="{self._width:.0f}" height="{self._height:.0f}"'
        )
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(self._title)}">',
                f"<style>{_STYLE}</style>",
                f'<rect class="ground" width="{self._width:.0f}" height="{self._height:.0f}"/>',
                *self._parts,
                "</svg>\n",
            ]
        )


def columns(
    title: str,
    note: str,
    parts: Sequence[Part],
    values: Mapping[str, Sequence[float]],
    *,
    stacked: bool,
    width: float = 860.0,
    labels: int = 24,
) -> str:
    """Draw columns side by side, one for each key; within each, one bar per part, on or beside each other."""
    height, count = 320.0, max(len(values), 1)
    canvas = Canvas(width, height, title, note)
    canvas.legend(parts, width - _RIGHT)
    tops = [sum(one) if stacked else max(one, default=0.0) for one in values.values()]
    scale = _scale(canvas, max(tops, default=0.0), width, height)
    room = (width - _LEFT - _RIGHT) / count
    for number, (key, numbers) in enumerate(values.items()):
        x, y = _LEFT + number * room, height - _BOTTOM
        wide = room * (0.8 if room > 4 else 1.0)
        for place, (part, value) in enumerate(zip(parts, numbers, strict=True)):
            told = f"{key}: {part.name} {value:g}"
            if stacked:
                y -= value * scale
                canvas.rect(x, y, wide, value * scale, part.colour, told)
            else:
                each = wide / len(parts)
                canvas.rect(x + place * each, y - value * scale, each, value * scale, part.colour, told)
        if number % max(count // labels, 1) == 0:
            canvas.text(x + wide / 2, height - _BOTTOM + 16, key, colour="faint", anchor="middle", size=11)
    return canvas.file()


def _scale(canvas: Canvas, top: float, width: float, height: float) -> float:
    """Draw the grid and return how many pixels one unit is high."""
    step = _step(top)
    lines = max(int(-(-top // step)), 1)
    scale = (height - _TOP - _BOTTOM) / (lines * step)
    for number in range(lines + 1):
        y = height - _BOTTOM - number * step * scale
        canvas.line(_LEFT, y, width - _RIGHT, y)
        canvas.text(_LEFT - 6, y + 4, f"{number * step:g}", colour="faint", anchor="end", size=11)
    return scale


def _step(top: float) -> float:
    """Return a round distance between the lines of a grid, at most six of which reach the top."""
    step = 0.1
    while top > step * 6:
        for times in (2, 2.5, 2):
            step *= times
            if top <= step * 6:
                break
    return round(step, 6)


def rows(title: str, note: str, parts: Sequence[Part], values: Mapping[str, Sequence[float]], unit: str) -> str:
    """Draw bars below each other, one line for each key; the parts of a line follow one another."""
    width, line, begin = 860.0, 20.0, 220.0
    height = _TOP + line * max(len(values), 1) + 16
    canvas = Canvas(width, height, title, note)
    canvas.legend(parts, width - _RIGHT)
    top = max((sum(one) for one in values.values()), default=0.0) or 1.0
    scale = (width - begin - 90) / top
    for number, (key, numbers) in enumerate(values.items()):
        x, y = begin, _TOP + number * line
        canvas.text(begin - 8, y + 13, key, anchor="end")
        for part, value in zip(parts, numbers, strict=True):
            canvas.rect(x, y + 2, value * scale, line - 6, part.colour, f"{key}: {part.name} {value:g}")
            x += value * scale
        canvas.text(x + 6, y + 13, f"{sum(numbers):g} {unit}", colour="faint", size=11)
    return canvas.file()
