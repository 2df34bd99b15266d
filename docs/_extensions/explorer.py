"""The explorer: every record, searched and filtered on one page.

The page works from a local folder, where a browser does not read files for a script; so the
records are written as a script that is loaded like any other. The search library comes out of
``docs/node_modules``, at the version that ``docs/package-lock.json`` pins.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from downloads import FOLDER, SUFFIXES
from explorer_data import packed
from explorer_records import FACETS, Records
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

PAGE = "explorer"
HERE = Path(__file__).parent
MODULES = HERE.parent / "node_modules"
LIBRARY = {"dist/umd/index.js": "minisearch.js", "LICENSE.txt": "minisearch.LICENSE.txt"}
"""Files of the search library and their names under ``_static``."""
STEMMER = "language_data.js"
"""Written by Sphinx, and loaded by its page that searches."""
SEARCH = ("minisearch.js", "explorer.data.js", "explorer.records.js", "explorer.search.js")
SCRIPTS = {
    PAGE: (STEMMER, *SEARCH, "explorer.panel.js", "explorer.csv.js", "explorer.js"),
    "search": (*SEARCH, "search-records.js"),
}
"""What is loaded by the name of a page."""
SORTS = {
    "period.desc": "Latest first",
    "period.asc": "Earliest first",
    "value.desc": "Greatest value first, unit by unit",
    "value.asc": "Smallest value first, unit by unit",
}


class Explorer(SphinxDirective):
    """Puts the form and the list on a page, and for browsers without scripts other ways in."""

    def run(self) -> list[nodes.Node]:
        """Render the template."""
        environment = Environment(
            loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
        )
        html = environment.get_template("explorer_page.html").render(**page_context())
        self.env.note_dependency(str(HERE / "explorer_page.html"))
        return [nodes.raw("", html, format="html")]


@cache
def all_records() -> Records:
    """The records of the package; making them takes a second or two."""
    return Records(open_package())


def page_context() -> dict[str, Any]:
    """What the template shows: the choices of each filter, with the labels of the package."""
    records = all_records()
    years = [year for years in records.all_years() for year in years if year]
    return {
        "facets": FACETS,
        "options": {name: records.options(name) for name in FACETS},
        "sorts": SORTS,
        "years": (min(years), max(years)),
        "workbook": f"{FOLDER}/cambodia-tip-{tip.__version__}.{SUFFIXES['xlsx']}",
    }


def write_assets(app: Sphinx) -> None:
    """Write the records and copy the search library, where pages are written."""
    if app.builder.format != "html":
        return
    library = MODULES / "minisearch"
    missing = [name for name in LIBRARY if not (library / name).is_file()]
    if missing:
        raise ExtensionError(
            f"the explorer lacks minisearch/{missing[0]}; "
            "run: npm ci --ignore-scripts --prefix docs"
        )
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for source, target in LIBRARY.items():
        shutil.copyfile(library / source, static / target)
    (static / "explorer.data.js").write_text(data_script(), encoding="utf-8")


def data_script() -> str:
    """The records as a script that puts them into one global name."""
    data = packed(all_records())
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # these would end a script element, or a line in old browsers
    text = text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"globalThis.cambodiaTip = {{ data: {text} }};\n"


def add_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load scripts and styles on the pages that search records only."""
    for name in SCRIPTS.get(pagename, ()):
        app.add_js_file(name, loading_method="defer")
    if pagename == PAGE:
        app.add_css_file("explorer.css")


def widen(app: Sphinx, config: Any) -> None:
    """Leave the width of the page to the table."""
    config.html_sidebars.setdefault(PAGE, [])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("explorer", Explorer)
    app.connect("config-inited", widen)
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
