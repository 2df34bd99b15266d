"""A directive that shows a figure as this package holds it: with its words, place and caveats.

``{evidence} ID`` on a page gives the card of one figure. It is made from the tables when the site
is built, so that no page holds a figure or a quote of its own.
"""

from __future__ import annotations

import explorer_words as words
import pandas as pd
from docutils import nodes
from docutils.parsers.rst import Directive
from explorer_tables import Row, Table, days_of, rows_by_key
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package


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
    source = tip.evidence(row).iloc[0]
    table = Table(open_package().resource(source["table"]))
    figure = next(each for each in table.rows if each["id"] == row)
    # what sphinx-design makes a plain div of; a container has a width of its own in the theme
    box = nodes.container(is_div=True, design_component="div", classes=["tip-evidence"])
    head = nodes.paragraph(classes=["tip-figure"])
    unit = rows_by_key("units", "unit")[figure["unit"]]
    head += nodes.strong("", words.measure(figure, unit))
    head += nodes.Text(f", {what(table, figure)}")
    box += head
    box += nodes.paragraph(
        "", f"Reported by: {figure['reported_by_label']}", classes=["tip-reporter"]
    )
    box += nodes.block_quote("", nodes.paragraph("", f"“{source['quote']}”"))
    document = rows_by_key("sources", "source_id")[source["source_id"]]
    passage = words.passage(source["passage"], document["division"])
    place = nodes.paragraph("", f"{source['title']}, {passage}, {published(document)}. ")
    if source["url_status"] != "unopened":
        place += nodes.reference("", "The document", refuri=source["url"])
        place += nodes.Text(" · ")
    place += nodes.reference("", "This record", refuri=f"{up}r/{row}.html")
    box += place
    if not pd.isna(source["caveats"]):
        caveats = nodes.bullet_list(classes=["tip-caveats"])
        for caveat in source["caveats"].split(" | "):
            label, description = caveat.split(": ", maxsplit=1)
            text = nodes.paragraph("", "", nodes.strong("", label), nodes.Text(f". {description}"))
            caveats += nodes.list_item("", text)
        box += caveats
    return box


def what(table: Table, figure: Row) -> str:
    """What was counted, where from, and when."""
    label = figure["indicator_label"]
    start, end, is_inferred = days_of(table, figure)
    origin = [field.name for field in table.areas() if field.concept == "counterpart_area"]
    parts = [label[0].lower() + label[1:]]
    parts += [f"from {figure[f'{name}_label']}" for name in origin if name in figure]
    parts += filter(None, [marked(words.period(start, end), is_inferred)])
    return ", ".join(parts)


def published(document: Row) -> str:
    """When a document was published."""
    day = words.period(*words.days_of_edtf(document["published"]))
    return marked(day, document["published_basis"] == "inferred")


def marked(time: str, is_inferred: bool) -> str:
    """A time that says of itself if it is not printed where one would look for it."""
    return f"{time}, inferred" if time and is_inferred else time


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    directive: type[Directive] = Evidence
    app.add_directive("evidence", directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
