"""The evidence explorer: every figure with the words that carry it, on one page.

The page works from a local folder, where a browser does not read files for a script; so the
records are written as a script that is loaded like any other. The table library comes out of
``docs/node_modules``, at the version that ``docs/package-lock.json`` pins.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from explorer_records import FACETS, Records
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from cambodia_tip.package.opening import open_package

PAGE = "explorer"
HERE = Path(__file__).parent
MODULES = HERE.parent / "node_modules"
LIBRARY = {
    "datatables.net/js/dataTables.min.js": "dataTables.min.js",
    "datatables.net/License.txt": "License.txt",
    "datatables.net-dt/css/dataTables.dataTables.min.css": "dataTables.dataTables.min.css",
}
"""Files of the table library and where they go under ``_static/datatables``."""
SCRIPTS = (
    "datatables/dataTables.min.js",
    "explorer.data.js",
    "explorer.words.js",
    "explorer.records.js",
    "explorer.evidence.js",
    "explorer.rows.js",
    "explorer.csv.js",
    "explorer.js",
)
STYLES = ("datatables/dataTables.dataTables.min.css", "explorer.css")
COPY_BUTTONS = ("clipboard.min.js", "copybutton.js")
"""Scripts for blocks of code. The page has none, and they take each click in the head of the table
for one on a button: they set ``delegateTarget`` of an event, which the table library has sealed."""
SORTS = {
    "value.desc": "Value within unit, greatest first",
    "value.asc": "Value within unit, smallest first",
    "period.desc": "Period, latest first",
    "period.asc": "Period, earliest first",
    "statement.asc": "Statement, A to Z",
    "statement.desc": "Statement, Z to A",
    "area.asc": "Area, A to Z",
    "area.desc": "Area, Z to A",
    "reporter.asc": "Reporter, A to Z",
    "reporter.desc": "Reporter, Z to A",
    "document.asc": "Document, earliest first",
    "document.desc": "Document, latest first",
}


class Explorer(SphinxDirective):
    """Puts filters and table where it stands, and for browsers without scripts where to look."""

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
    tables = list(records.tables.values())
    years = [year for years in records.all_years() for year in years if year]
    return {
        "topics": {
            "Tables of figures": [t.resource for t in tables if t.is_figures],
            "Tables of other statements": [t.resource for t in tables if not t.is_figures],
        },
        "options": {name: records.options(name) for name in FACETS if name != "topic"},
        "sorts": SORTS,
        "first_year": min(years),
        "last_year": max(years),
        "last_year_of_figures": records.last_year_of_figures(),
        "rows": len(records.homes),
    }


def write_assets(app: Sphinx) -> None:
    """Write the records and copy the table library, where pages are written."""
    if app.builder.format != "html":
        return
    missing = [name for name in LIBRARY if not (MODULES / name).is_file()]
    if missing:
        raise ExtensionError(
            f"the evidence explorer lacks {missing[0]}; run: npm ci --ignore-scripts --prefix docs"
        )
    static = Path(app.outdir) / "_static"
    (static / "datatables").mkdir(parents=True, exist_ok=True)
    for source, target in LIBRARY.items():
        shutil.copyfile(MODULES / source, static / "datatables" / target)
    (static / "explorer.data.js").write_text(data_script(), encoding="utf-8")


def data_script() -> str:
    """The records as a script that puts them into one global name."""
    data = all_records().data()
    for record in data["records"]:  # what is not there is undefined for a script, and not null
        for name in [name for name, cell in record.items() if cell is None]:
            del record[name]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # these would end a script element, or a line in old browsers
    text = text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"globalThis.cambodiaTip = {{ data: {text} }};\n"


def add_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load scripts and styles on this page only, and leave out what they do not get on with."""
    if pagename == PAGE:
        context["script_files"][:] = [
            script
            for script in context["script_files"]
            if Path(str(script.filename)).name not in COPY_BUTTONS
        ]
        for name in STYLES:
            app.add_css_file(name)
        for name in SCRIPTS:
            app.add_js_file(name, loading_method="defer")


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
