"""The charts: charts that are drawn when the site is built.

``{chart} NAME`` draws the chart of ``charts/NAME.py`` as static SVG, for
wide and narrow and for light and dark pages, and says under it what it shows,
where its figures are from, and how it was made.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from html import escape
from pathlib import Path
from types import ModuleType

import pandas as pd
from docutils import nodes
from page_parts import table
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import cambodia_tip as tip

CHARTS = Path(__file__).parents[1] / "charts"
LAYOUTS = ("wide", "narrow")
LOOKS = ("light", "dark")

_UNDER_CHART = """
::::{{dropdown}} The {number} figures and their evidence
:::{{chart-figures}} {name}
:::
::::

::::{{dropdown}} The code
:::{{literalinclude}} /charts/{name}.py
:language: python
:::
What the charts share stands in `drawing.py`:
:::{{literalinclude}} /charts/drawing.py
:language: python
:::
::::
"""


class chart(nodes.General, nodes.Element):  # noqa: N801 - docutils finds visitors by this name
    """A drawn chart with its alternative text."""


class Chart(SphinxDirective):
    """Draw a chart, and say what it shows and where that is from."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        module = chart_module(name)
        # a page that is kept from an earlier build would lead to files of another folder
        self.env.note_reread()
        draw(module, self.env.app.outdir / "_images")
        figures = module.figures()
        under = _UNDER_CHART.format(name=name, number=len(figures))
        return [
            nodes.paragraph(text=module.answer()),
            chart("", name=name, alt=module.description()),
            nodes.paragraph(text=f"Sources: {sources(figures)}.", classes=["chart-sources"]),
            *self.parse_text_to_nodes(under),
        ]


class ChartFigures(SphinxDirective):
    """The figures of a chart as a table, each with a link to its evidence."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = chart_module(self.arguments[0])
        figures = module.figures()
        explorer = self.env.app.builder.get_relative_uri(self.env.docname, "explorer")
        evidence = tip.evidence(figures)
        rows = []
        for (_, figure), passage in zip(figures.iterrows(), evidence.itertuples(), strict=True):
            cells = [figure[column] for column in module.COLUMNS]
            link = nodes.reference("", passage.id, refuri=f"{explorer}#{passage.id}")
            place = f"{passage.source_id}, {passage.passage}"
            texts = [*("" if pd.isna(cell) else str(cell) for cell in cells), place]
            rows.append([*([nodes.Text(text)] for text in texts), [link]])
        heads = [*module.COLUMNS.values(), "Document, paragraph", "Evidence"]
        shown = table(heads, rows, [1] * len(heads))
        shown["classes"] = ["chart-figures"]
        return [shown]


def chart_module(name: str) -> ModuleType:
    """The module of a chart, which finds what it shares with others beside it."""
    if str(CHARTS) not in sys.path:
        sys.path.insert(0, str(CHARTS))
    return importlib.import_module(name)


def draw(module: ModuleType, folder: Path) -> None:
    """Draw a chart for each layout and look."""
    drawing = chart_module("drawing")
    folder.mkdir(parents=True, exist_ok=True)
    widths = dict(zip(LAYOUTS, (drawing.WIDE, drawing.NARROW), strict=True))
    for layout, width in widths.items():
        chart = module.chart(width)
        for look in LOOKS:
            svg = drawing.svg(chart, width=width, dark=look == "dark")
            path = folder / file_name(module.__name__, layout, look)
            path.write_text(svg, encoding="utf-8")


def file_name(name: str, layout: str, look: str) -> str:
    """The file that holds a chart in one layout and look."""
    return f"chart-{name}-{layout}-{look}.svg"


def sources(figures: pd.DataFrame) -> str:
    """The documents behind figures, each with its date and its paragraphs."""
    found = tip.evidence(figures).sort_values("published")
    texts = []
    for (title, date), rows in found.groupby(["title", "published"], sort=False):
        passages = sorted(rows["passage"].unique(), key=lambda text: (len(text), text))
        noun = "paragraph" if len(passages) == 1 else "paragraphs"
        document = rows["source_id"].iloc[0]
        texts.append(f"{title} ({document}, {date}), {noun} {', '.join(passages)}")
    return "; ".join(texts)


def visit_chart(translator: HTML5Translator, node: chart) -> None:
    """Write both looks: the theme hides one of them, from screen readers too."""
    folder = translator.builder.imgpath
    translator.body.append('<div class="chart">')
    for look in LOOKS:
        wide, narrow = (f"{folder}/{file_name(node['name'], each, look)}" for each in LAYOUTS)
        translator.body.append(
            f'<picture><source media="screen and (max-width: 45rem)" srcset="{narrow}">'
            f'<img class="only-{look}" src="{wide}" alt="{escape(node["alt"])}"></picture>'
        )
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx.

    Raises:
        ExtensionError: If what draws the charts is not installed.
    """
    for library in ("altair", "vl_convert"):
        try:
            importlib.import_module(library)
        except ImportError:
            raise ExtensionError(
                f"{library} is not installed, which draws the charts: "
                'python -m pip install -e ".[docs]"'
            ) from None
    warnings.simplefilter("ignore", tip.CaveatWarning)  # nothing is added up here
    app.add_node(chart, html=(visit_chart, None))
    app.add_directive("chart", Chart)
    app.add_directive("chart-figures", ChartFigures)
    app.add_css_file("charts.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
