"""A page for every record, ``r/<id>.html``, and one for every retired id.

The pages are made from the tables when the site is written, need no script, and lie in one
folder, so that they link one another by id alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import explorer
from record_content import Pages
from sphinx.application import Sphinx

from cambodia_tip.package.opening import open_package

FOLDER = "r"


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The name, the context and the template of each page."""
    if app.builder.format != "html":
        return
    made = Pages(explorer.all_records(), open_package())
    for id_ in made.records.homes:
        yield f"{FOLDER}/{id_}", made.context(id_), "record.html"
    for id_, known in made.ids.items():
        if known["retired"]:
            yield f"{FOLDER}/{id_}", made.retired(id_), "record_retired.html"


def compact(html: str) -> str:
    r"""A page without the empty lines and indents that templates leave, a third of its size.

    Examples:
        >>> compact("<p>\n\n  one</p>\n<pre>a\n\n  b</pre>")
        '<p>\none</p>\n<pre>a\n\n  b</pre>'
    """
    parts = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    parts[::2] = [re.sub(r"[ \t]*\n\s*", "\n", part) for part in parts[::2]]
    return "".join(parts)


def add_filter(app: Sphinx) -> None:
    """Let the templates use `compact`."""
    if app.builder.format == "html":
        app.builder.templates.environment.filters["compact"] = compact


def add_style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the style on these pages only."""
    if templatename.startswith("record"):
        app.add_css_file("record.css")


def widen(app: Sphinx, config: Any) -> None:
    """Leave out the navigation at the side, which has none of these pages."""
    config.html_sidebars.setdefault(f"{FOLDER}/*", [])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", widen)
    app.connect("builder-inited", add_filter)
    app.connect("html-collect-pages", pages)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
