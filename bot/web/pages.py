"""The pages: the customer's chat, the widget's script, the console. Everything dynamic goes through the JSON doors."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.domain.company import Company
from bot.web.house import HOUSE

HERE = Path(__file__).parent
STATIC = HERE / "static"
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True), undefined=StrictUndefined
)


def install(app: web.Application) -> None:
    """Route the pages and their static files."""
    app.router.add_get("/", chat)
    app.router.add_get("/widget.js", widget)
    app.router.add_get("/desk", desk)
    app.router.add_get("/desk/{tail:.*}", desk)
    app.router.add_static("/static", STATIC)


async def chat(request: web.Request) -> web.Response:
    """The customer's chat page; ``?embed=1`` is the same inside the widget's frame."""
    company = request.app[HOUSE].company
    return _page("chat.html", company, language=_language(request), embed="embed" in request.query)


async def widget(request: web.Request) -> web.FileResponse:
    """The script that puts the chat into somebody's own page."""
    return web.FileResponse(
        STATIC / "widget.js",
        headers={"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=300"},
    )


async def desk(request: web.Request) -> web.Response:
    """The console; what it shows comes through the JSON doors after a login."""
    company = request.app[HOUSE].company
    return _page("desk.html", company, language=_language(request))


def _page(name: str, company: Company, **values: object) -> web.Response:
    html = _TEMPLATES.get_template(name).render(company=company, **values)
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})


def _language(request: web.Request) -> str:
    chosen = request.query.get("lang") or request.cookies.get("letan_lang") or "vi"
    return "en" if chosen == "en" else "vi"
