"""What every page of the console must keep to, on any screen."""

from __future__ import annotations

from typing import Any

from tests.e2e.desk_driver import Seat

_SHOWN = "one.checkVisibility() && !one.closest('[aria-hidden=true]') && !one.matches('.visually-hidden, .skip')"
_CONTROLS = f"[...document.querySelectorAll('button, a[href], input, select, textarea')].filter((one) => {_SHOWN})"
_UNNAMED = f"""
() => {_CONTROLS}
  .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length || one.title))
  .map((one) => one.outerHTML.slice(0, 120))
"""
_UNREADABLE = f"""
() => {_CONTROLS}
  .map((one) => [one, getComputedStyle(one)])
  .filter(([one, style]) => one.textContent.trim() && style.color === style.backgroundColor)
  .map(([one]) => one.outerHTML.slice(0, 120))
"""
_SMALL = f"""
() => {_CONTROLS}
  .filter((one) => !one.matches('.link, [type=checkbox], [type=radio], p a, li a, .end-head a'))
  .map((one) => [one.id || one.className || one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 40 && box.width > 1).map(([name, box]) => `${{name}} ${{box.height}}`)
"""
_WIDER = """
() => [document.documentElement, ...document.querySelectorAll('dialog[open], dialog[open] *, .page > *')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .filter((one) => one.matches('dialog, html, .page > *') || getComputedStyle(one).overflowX === 'visible')
  .map((one) => `${one.tagName} ${one.id || one.className} ${one.scrollWidth} > ${one.clientWidth}`)
"""


async def fits(seat: Seat, *, phone: bool = False) -> None:
    """Fail where a control has no name or cannot be read, is wider than the screen, or too small for a finger."""
    found: dict[str, Any] = {"unnamed": await seat.page.evaluate(_UNNAMED), "wide": await seat.page.evaluate(_WIDER)}
    found["unreadable"] = await seat.page.evaluate(_UNREADABLE)
    if phone:
        found["small"] = await seat.page.evaluate(_SMALL)
    assert not any(found.values()), found
