"""What pages say of themselves to search engines, and to those who share a link to them.

A site that is built knows no address, unless `html_baseurl` is configured. The sitemap and the
canonical addresses of all versions are written where these are joined, by ``join_versions.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from downloads import FOLDER
from markupsafe import Markup
from sphinx.application import Sphinx

from cambodia_tip.exports.schema_org import about
from cambodia_tip.package.opening import open_package

LONGEST = 160
"""Search engines show so much of a description."""
NOT_FOUND = "404"
NO_INDEX = '<meta name="robots" content="noindex" />'
KINDS = {
    ".zip": "application/zip",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add description, Open Graph and JSON-LD to the head of a page; see `head_tags`."""
    context["metatags"] = context.get("head") or head_tags(app, page, context, doctree)


def head_tags(
    app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None = None
) -> str:
    """Description, Open Graph and JSON-LD of a page.

    A page may bring `description`, `structured` (JSON-LD), `noindex` and `canonical`, or as `head`
    all of it.
    """
    tags = str(context.get("metatags") or "")
    given = re.search(r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"', tags)
    text = str(Markup(given[1]).unescape()) if given else _description(context, doctree)
    title = Markup(context.get("title", "")).striptags() or app.config.project
    found = [tags]
    if not given:
        found.append(_meta("name", "description", text))
    if context.get("noindex") or page in ("search", NOT_FOUND):
        found.append(NO_INDEX)
        context["pageurl"] = context.get("canonical")
    elif context.get("pageurl"):
        found.append(_meta("property", "og:url", context["pageurl"]))
    found += [
        _meta("property", "og:title", title),
        _meta("property", "og:description", text),
        _meta("property", "og:type", "website"),
        _meta("property", "og:site_name", app.config.project),
    ]
    structured = context.get("structured")
    if page == app.config.root_doc:
        structured = dataset(app)
    if structured:
        found.append(_script({"@context": "https://schema.org", **structured}))
    return "\n".join(filter(None, found))


def dataset(app: Sphinx) -> dict[str, Any]:
    """The dataset as its own exports describe it, with the files that the site offers."""
    files = sorted(file for file in (Path(app.outdir) / FOLDER).glob("*") if file.suffix in KINDS)
    return {
        "@type": "Dataset",
        **about(open_package()),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "encodingFormat": KINDS[file.suffix],
                "contentSize": f"{file.stat().st_size} B",
                "contentUrl": f"{FOLDER}/{file.name}",
            }
            for file in files
        ],
    }


def shortened(text: str, longest: int) -> str:
    """A text cut at a word, with an ellipsis if anything is missing.

    Examples:
        >>> shortened("At least 129 persons convicted, 2017", 20)
        'At least 129 …'
    """
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(",;:") + " …"


def _description(context: dict[str, Any], doctree: nodes.document | None) -> str:
    """That of the page, else its first paragraph, else its title."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    title = f"{context.get('title', 'Search')}: {open_package().descriptor['title']}"
    words = context.get("description") or (paragraph.astext() if paragraph else title)
    return shortened(str(words), LONGEST)


def _meta(kind: str, name: str, content: str) -> str:
    return str(Markup('<meta {}="{}" content="{}" />').format(kind, name, content))


def _script(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c")  # nothing in it ends the element
    return f'<script type="application/ld+json">{text}</script>'


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that a server shows where there is none."""
    if app.builder.format == "html":
        yield NOT_FOUND, {"title": "Page not found"}, "404.html"


def widen(app: Sphinx, config: Any) -> None:
    """Leave out the navigation at the side, which needs the place of a page."""
    config.html_sidebars.setdefault(NOT_FOUND, [])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", widen)
    app.connect("html-page-context", describe, priority=600)  # after the contexts are complete
    app.connect("html-collect-pages", not_found)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
