"""What pages without a document of their own need: a template, a way back, a table of contents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TEMPLATES = Path(__file__).parent.parent / "_templates"
FOLDERS = ("laws/", "sources/")
Page = tuple[str, dict[str, Any], str]
"""Name, context and template of a page, as Sphinx collects them."""
Contents = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
"""Anchor and title of each section, and those of the parts of it."""


@cache
def templates() -> Environment:
    """The templates, which escape what they are given."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def static_page(
    name: str,
    template: str,
    facts: dict[str, Any],
    *,
    title: str,
    description: str,
    parents: Sequence[tuple[str, str]],
    contents: Contents,
) -> Page:
    """A page for Sphinx to write.

    Args:
        name: Where it is, without ``.html``.
        template: The template of its body.
        facts: What the template is given.
        title: Its name in the window and in the way back.
        description: What a search engine shows of it.
        parents: Link and name of the pages above it.
        contents: What is on it.
    """
    body = templates().get_template(template).render(title=title, **facts)
    context = {
        "title": escape(title),
        "body": body,
        "parents": [{"link": link, "title": escape(text)} for link, text in parents],
        "toc": _toc(title, contents),
        "metatags": f'<meta name="description" content="{escape(description)}" />',
    }
    return name, context, "page.html"


def _toc(title: str, contents: Contents) -> str:
    sections = [
        (anchor, text, _list([(*part, "") for part in parts])) for anchor, text, parts in contents
    ]
    return _list([("", title, _list(sections))])


def _list(links: Sequence[tuple[str, str, str]]) -> str:
    """Links with an anchor and a text each, and the list below them."""
    items = (
        f'<li><a class="reference internal" href="#{escape(anchor)}">{escape(text)}</a>{below}</li>'
        for anchor, text, below in links
    )
    return f"<ul>{''.join(items)}</ul>" if links else ""


class TemplateDirective(SphinxDirective):
    """Puts a template where it stands; a subclass names it and gives it what it shows."""

    template = ""

    def facts(self) -> dict[str, Any]:
        """What the template is given."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Render the template."""
        html = templates().get_template(self.template).render(**self.facts())
        self.env.note_dependency(str(TEMPLATES / self.template))
        return [nodes.raw("", html, format="html")]


def add_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the styles of these pages on them only."""
    if page.startswith(FOLDERS):
        app.add_css_file("sources.css")


def bare(app: Sphinx, config: Any) -> None:
    """Leave the width of these pages to their tables."""
    for folder in FOLDERS:
        config.html_sidebars.setdefault(f"{folder}*", [])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", bare)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
