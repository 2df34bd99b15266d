"""A page for every record, ``r/<id>.html``, and one for every retired id.

The pages are made from the tables when the site is written, need no script, and lie in one
folder, so that they link one another by id alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import explorer
import page_metadata
from markupsafe import Markup, escape
from record_content import Pages
from sphinx.application import Sphinx

from cambodia_tip.package.opening import open_package

FOLDER = "r"


TITLE, HEAD, BODY = "@title@", "@head@", "@body@"


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The name, the context and the template of each page that Sphinx is to write.

    Of the pages of records it writes one for each table, which is the pattern of the others: the
    theme takes most of the time of a page, and makes the same of each.
    """
    if app.builder.format != "html":
        return
    made = Pages(explorer.all_records(), open_package())
    homes = made.records.homes
    for table in dict.fromkeys(table.name for table, _ in homes.values()):
        ids = [id_ for id_, (home, _) in homes.items() if home.name == table]
        own = {"title": TITLE, "head": HEAD, "body": BODY}
        yield f"{FOLDER}/{ids[0]}", {**made.context(ids[0]), **own}, "record.html"
        write_like(app, ids[0], {id_: made.context(id_) for id_ in ids})
    for id_, known in made.ids.items():
        if known["retired"]:
            yield f"{FOLDER}/{id_}", made.retired(id_), "record_retired.html"


def write_like(app: Sphinx, first: str, contexts: dict[str, dict[str, Any]]) -> None:
    """Write pages in place of that of the first id and beside it."""
    folder = Path(app.outdir) / FOLDER
    pattern = (folder / f"{first}.html").read_text(encoding="utf-8")
    template = app.builder.templates.environment.get_template("record_body.html")
    for id_, context in contexts.items():
        name = f"{FOLDER}/{id_}"
        page = pattern.replace(f"{FOLDER}/{first}", name)
        page = page.replace(TITLE, escape(Markup(context["title"]).striptags()))
        page = page.replace(HEAD, page_metadata.head_tags(app, name, context))
        page = page.replace(BODY, compact(template.render(context)).strip())
        (folder / f"{id_}.html").write_text(page, encoding="utf-8")


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
