"""A directive that shows a figure as this package holds it: with its words, place and caveats.

``{evidence} ID`` on a page gives the card of one figure. It is made from the tables when the site
is built, so that no page holds a figure or a quote of its own.
"""

from __future__ import annotations

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import Directive
from explorer_words import days_of_edtf, period
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import cambodia_tip as tip


class Evidence(SphinxDirective):
    """The card of a figure."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            return [card(self.arguments[0], up="../" * self.env.docname.count("/"))]
        except (tip.CambodiaTipError, KeyError) as error:
            raise self.error(f"no figure to show: {error}") from error


def card(row: str, up: str) -> nodes.Node:
    """The card of the figure with this id, for a page from which `up` leads to the first page."""
    figure = tip.observations().set_index("id").loc[row]
    source = tip.evidence(row).iloc[0]
    # what sphinx-design makes a plain div of; a container has a width of its own in the theme
    box = nodes.container(is_div=True, design_component="div", classes=["tip-evidence"])
    head = nodes.paragraph(classes=["tip-figure"])
    head += nodes.strong("", number(figure))
    head += nodes.Text(f" {what(figure)}")
    box += head
    box += nodes.paragraph("", says(figure), classes=["tip-reporter"])
    box += nodes.block_quote("", nodes.paragraph("", f"“{source['quote']}”"))
    place = nodes.paragraph("", f"{source['title']}, paragraph {source['passage']}, ")
    place += nodes.Text(f"{published(source)}. ")
    if source["url_status"] != "unopened":
        place += nodes.reference("", "The document", refuri=source["url"])
        place += nodes.Text(" · ")
    place += nodes.reference("", "This row in the explorer", refuri=f"{up}explorer.html#{row}")
    box += place
    if not pd.isna(source["caveats"]):
        caveats = nodes.bullet_list(classes=["tip-caveats"])
        for caveat in source["caveats"].split(" | "):
            label, description = caveat.split(": ", maxsplit=1)
            text = nodes.paragraph("", "", nodes.strong("", label), nodes.Text(f". {description}"))
            caveats += nodes.list_item("", text)
        box += caveats
    return box


def number(figure: pd.Series) -> str:
    """The value with its hedge and, of a range, its upper end; or that there is none."""
    if pd.isna(figure["obs_value"]):
        return "No figure"
    if figure["qualifier"] == "none_known":
        return "None known"
    hedge = "" if figure["qualifier"] == "unqualified" else f"{figure['qualifier']} "
    ends = [figure["obs_value"], figure["value_max"]]
    return hedge.replace("_", " ") + " to ".join(_written(v) for v in ends if not pd.isna(v))


def _written(value: float) -> str:
    return f"{int(value) if value == int(value) else value:,}"


def what(figure: pd.Series) -> str:
    """The unit, what was counted, where from, and when."""
    areas = tip.load("areas").set_index("area")["label"]
    label, unit = figure["indicator_label"], figure["unit_measure_label"]
    from_area = figure["counterpart_area"]
    # codes of currencies are capitals, and their names begin with one
    parts = [unit if figure["unit_measure"][0].isupper() else unit[0].lower() + unit[1:]]
    parts += [label[0].lower() + label[1:]]
    parts += [] if pd.isna(from_area) else [f"from {areas[from_area]}"]
    days = [None if pd.isna(day) else day.date() for day in figure[["period_start", "period_end"]]]
    parts += [] if days == [None, None] else [marked(period(*days), figure["period_basis"])]
    return ", ".join(parts)


def published(source: pd.Series) -> str:
    """When the document of a figure was published."""
    basis = tip.load("sources").set_index("source_id").loc[source["source_id"], "published_basis"]
    return marked(period(*days_of_edtf(source["published"])), basis)


def marked(time: str, basis: str) -> str:
    """A time that says of itself if it is not printed where one would look for it."""
    return f"{time}, inferred" if basis == "inferred" else time


def says(figure: pd.Series) -> str:
    """Who says so."""
    return f"Reported by: {figure['reported_by_label']}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    directive: type[Directive] = Evidence
    app.add_directive("evidence", directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
