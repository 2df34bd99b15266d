"""The charts: drawn when the site is built, with every mark a link to its record.

``{chart} NAME`` puts the chart of ``charts/NAME.py`` on a page as inline SVG, once for wide and
once for narrow pages. One drawing serves light and dark pages, since its colors are classes. Under
it are files to take away: an image, a drawing, and its points with their quotes.
"""

from __future__ import annotations

import csv
import importlib
import io
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import cambodia_tip as tip

HERE = Path(__file__).parent
CHARTS = HERE.parent / "charts"
STYLE = HERE.parent / "_static" / "charts.css"
NAMES = sorted({path.stem for path in CHARTS.glob("*.py")} - {"drawing", "strips", "readme"})
FOLDER = "charts"
PRINT = 3
"""Pixels of an image for one of the drawing: 2,400 across, which is 20 cm at 300 dots per inch."""
COLUMNS = (
    "record_id",
    "record",
    "figure",
    "period",
    "reported_by",
    "quote",
    "document",
    "paragraph",
    "citation_key",
)


class Chart(SphinxDirective):
    """Draw a chart, and say what it shows and where that is from."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Render the template."""
        name = self.arguments[0]
        if name not in NAMES:
            raise self.error(f"there is no chart {name}, only {', '.join(NAMES)}")
        # a page that is kept from an earlier build would have figures of earlier tables
        self.env.note_reread()
        base = self.config.html_baseurl
        html = page_part(name, "../" * self.env.docname.count("/"), base)
        return [nodes.raw("", html, format="html")]


def page_part(name: str, up: str, base: str = "") -> str:
    """A chart for a page from which `up` leads to the first page of the site at `base`."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("chart.html").render(
        **parts(name), up=up, address=address(base, name)
    )


@cache
def parts(name: str) -> dict[str, Any]:
    """What a page shows of a chart."""
    module, drawing = chart_module(name), chart_module("drawing")
    figures = module.figures()
    evidence = tip.evidence(list(figures["id"]))
    documents = evidence.drop_duplicates("source_id").sort_values("published")
    return {
        "name": name,
        "title": module.title(),
        "subtitle": module.subtitle(),
        "note": module.note(),
        "description": module.description(),
        "drawings": [
            drawing.svg(drawn(name, width), width, module.title())
            for width in (drawing.WIDE, drawing.NARROW)
        ],
        "rows": len(figures),
        "source": source_line(name),
        "documents": list(zip(documents["source_id"], documents["title"], strict=True)),
        "citation": f"“{module.title()}.” Chart “{name}” on the page “All charts” of: {tip.cite()}",
        "folder": FOLDER,
    }


def chart_module(name: str) -> ModuleType:
    """The module of a chart, which finds what it shares with others beside it."""
    if str(CHARTS) not in sys.path:
        sys.path.insert(0, str(CHARTS))
    return importlib.import_module(name)


@cache
def drawn(name: str, width: int) -> Any:
    """A chart for pages of a width."""
    return chart_module(name).draw(width)


@cache
def source_line(name: str) -> str:
    """Who published the documents behind a chart."""
    evidence = tip.evidence(list(chart_module(name).figures()["id"]))
    used = evidence["source_id"].unique()
    sources = tip.load("sources", labels=True).set_index("source_id").loc[used]
    publishers = list(sources["publisher_label"].value_counts().index)
    noun = "document" if len(used) == 1 else "documents"
    return f"Data source: {'; '.join(publishers)} ({len(used)} {noun})."


def address(base: str, name: str) -> str:
    """Where the chart is published, if the site says where it is; `base` is its address."""
    return f"{base.rstrip('/')}/charts.html#chart-{name}" if base else ""


def data_line(name: str) -> str:
    """Which data the chart is drawn from, and how to find it again."""
    cited = re.search(r"Content hash (sha256:\w+)", tip.cite())
    return (
        f"Data: data package cambodia-tip, version {tip.__version__}, content hash {cited[1]} "
        f"(printed by: cambodia-tip cite). Chart “{name}” on the page “All charts” of its site."
    )


def file_of(name: str, base: str = "") -> str:
    """A chart as an SVG file that needs no page, of a site at the address `base`."""
    module, drawing = chart_module(name), chart_module("drawing")
    return drawing.standalone(
        drawn(name, drawing.WIDE),
        heads=[module.title(), module.subtitle()],
        feet=[
            module.note(),
            source_line(name),
            data_line(name),
            *filter(None, [address(base, name)]),
        ],
        style=file_style(),
    )


def file_style() -> str:
    """The styles of marks and texts with the colors of light pages, for files."""
    css = STYLE.read_text(encoding="utf-8")
    colors = dict(re.findall(r"(--chart-[a-z]+): ([^;]+);", css.partition("}")[0]))
    rules = [line.replace(".chart svg ", "") for line in css.splitlines() if "{ " in line]
    return re.sub(r"var\((--chart-[a-z]+)\)", lambda found: colors[found[1]], "".join(rules))


def points(name: str) -> str:
    """The records of a chart as CSV, with the words that each rests on."""
    figures = chart_module(name).figures().set_index("id")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in tip.evidence(list(figures.index)).itertuples():
        figure = figures.loc[row.id]
        cells = [row.id, figure["name"], figure["printed"], figure["period"]]
        cells += [figure.get("reported_by_label"), row.quote, row.title, row.passage]
        writer.writerow([guarded(cell) for cell in (*cells, row.citation_key)])
    return file.getvalue()


def guarded(cell: Any) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    text = "" if pd.isna(cell) else str(cell)
    return f"'{text}" if text[:1] in "=+-@\t" and text else text


def write_files(app: Sphinx) -> None:
    """Write the files of all charts, where pages are written."""
    if app.builder.format != "html":
        return
    vl_convert = importlib.import_module("vl_convert")
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        svg = file_of(name, app.config.html_baseurl)
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=PRINT))
        (folder / f"{name}.csv").write_text(points(name), encoding="utf-8-sig")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx.

    Raises:
        ExtensionError: If what makes images of the charts is not installed.
    """
    try:
        importlib.import_module("vl_convert")
    except ImportError:
        raise ExtensionError(
            "vl_convert is not installed, which makes images of the charts: "
            'python -m pip install -e ".[docs]"'
        ) from None
    app.add_directive("chart", Chart)
    app.connect("builder-inited", write_files)
    app.add_css_file("charts.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
