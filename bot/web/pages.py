"""The pages: the customer's chat, the widget's script, the console. Everything dynamic goes through the JSON doors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.domain.cases import HOP_LIMIT
from bot.domain.company import MANAGEMENT, Company
from bot.domain.staff import TITLES
from bot.web import chat_page
from bot.web.house import HOUSE, House

HERE = Path(__file__).parent
STATIC = HERE / "static"
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True), undefined=StrictUndefined
)
_DESK_WORDS = {
    language: {
        key: text
        for path in sorted((STATIC / "desk").glob(f"words*.{language}.json"))
        for key, text in json.loads(path.read_text(encoding="utf-8")).items()
    }
    for language in ("vi", "en")
}
_DESK_MODULES = (
    *(f"common/{name}.js" for name in ("dialog", "dom", "http", "i18n", "linkify", "sse", "time")),
    *sorted(f"desk/{path.name}" for path in (STATIC / "desk").glob("*.js")),
)
"""Fetched at once: modules that import modules would otherwise be found one round trip after the other."""

_SPRITE = "/static/desk/icons.svg"
_SPRITE_VERSION = hashlib.sha256((STATIC / "desk" / "icons.svg").read_bytes()).hexdigest()[:16]
_ICONS = f"{_SPRITE}?v={_SPRITE_VERSION}#"
"""What stands before a sign's name in its address; it changes with the signs, so a browser may keep them for good."""
_KEPT = "public, max-age=31536000, immutable"


def install(app: web.Application) -> None:
    """Route the pages and their static files."""
    app.on_response_prepare.append(_revalidated)
    app.router.add_get("/", chat)
    app.router.add_get("/widget.js", widget)
    app.router.add_get("/desk", desk)
    app.router.add_get("/desk/{tail:.*}", desk)
    app.router.add_static("/static", STATIC)


async def chat(request: web.Request) -> web.Response:
    """The customer's chat page; ``?embed=1`` is the same inside the widget's frame."""
    house, language = request.app[HOUSE], _language(request)
    return _page(
        "chat.html",
        house.company,
        language=language,
        embed="embed" in request.query,
        config=chat_page.config(house),
        words=chat_page.WORDS[language],
        modules=chat_page.MODULES,
        sprite=chat_page.SPRITE,
    )


async def widget(request: web.Request) -> web.FileResponse:
    """The script that puts the chat into somebody's own page."""
    return web.FileResponse(
        STATIC / "widget.js",
        headers={"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=300"},
    )


async def desk(request: web.Request) -> web.Response:
    """The console; what it shows comes through the JSON doors after a login."""
    house, language = request.app[HOUSE], _language(request)
    return _page(
        "desk.html",
        house.company,
        language=language,
        config=_desk_config(house, language),
        words=_DESK_WORDS[language],
        modules=_DESK_MODULES,
        icons=_ICONS,
    )


def _desk_config(house: House, language: str) -> dict[str, Any]:
    """Return what the console needs to know of the company before anybody is logged in; none of it is secret."""
    company, needs = house.company, house.needs.shipped
    return {
        "zone": company.zone.key,
        "departments": [
            {"id": one.id, "label": one.label(language), "side": one.side.value} for one in company.departments.values()
        ],
        "roles": {one.id.value: one.label.in_language(language) for one in company.roles.values()},
        "management": MANAGEMENT,
        "hop_limit": HOP_LIMIT,
        "break_longest": company.breaks.longest_minutes,
        "skills": {name: label.in_language(language) for name, label in company.skills.items()},
        "languages": [one.value for one in company.languages],
        "attachment_max": company.attachments.max_bytes,
        "attachment_kinds": list(company.attachments.kinds),
        "needs": {name: words.in_language(language) for name, words in needs.items()},
        "fills": _fills(company, language),
        "need_hints": {name: f"{words.vi} {words.en}" for name, words in needs.items()},
    }


def _fills(company: Company, language: str) -> dict[str, str]:
    """Return what stands in an answer for the placeholders that are the company's own."""
    contact = company.contact
    return {
        "company": company.short_name,
        "hotline": contact.hotline,
        "email": contact.email,
        "fanpage": contact.fanpage,
        "address": contact.address.in_language(language),
    }


async def _revalidated(request: web.Request, response: web.StreamResponse) -> None:
    """Have browsers ask whether a script is still the same: after an update no page may run half of the old ones."""
    if request.path == _SPRITE and request.query.get("v") == _SPRITE_VERSION:
        response.headers["Cache-Control"] = _KEPT
    elif request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")


def _page(name: str, company: Company, **values: object) -> web.Response:
    html = _TEMPLATES.get_template(name).render(company=company, titles=TITLES, **values)
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})


def _language(request: web.Request) -> str:
    chosen = request.query.get("lang") or request.cookies.get("letan_lang") or "vi"
    return "en" if chosen == "en" else "vi"
