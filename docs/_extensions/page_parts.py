"""Small parts of pages as docutils nodes: paragraphs, tables, links into the dictionary."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from docutils import nodes
from sphinx import addnodes

Cell = Sequence[nodes.Node]


def paragraph(*content: nodes.Node) -> nodes.paragraph:
    """A paragraph of these parts, with the quotation marks that they have: they are data."""
    return nodes.paragraph("", "", *content, support_smartquotes=False)


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[int],
    numbers: Collection[int] = (),
) -> nodes.table:
    """A table with a head.

    Args:
        heads: What stands over each column.
        rows: Cells as lists of inline nodes.
        widths: How wide the columns are to each other.
        numbers: Places of the columns that hold numbers, set to the right.
    """
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row([[nodes.Text(head)] for head in heads], numbers))
    group += nodes.tbody("", *(_row(cells, numbers) for cells in rows))
    return nodes.table("", group, classes=["colwidths-given"])


def _row(cells: Sequence[Cell], numbers: Collection[int]) -> nodes.row:
    row = nodes.row()
    for place, cell in enumerate(cells):
        classes = ["number"] if place in numbers else []
        row += nodes.entry("", paragraph(*cell), classes=classes)
    return row


def table_link(table: str) -> nodes.Node:
    """A link to the page of a table."""
    return _link(f"dictionary.{table}", table)


def column_link(table: str, column: str, *, whole: bool = False) -> nodes.Node:
    """A link to a column, under its own name or, if `whole`, with that of its table."""
    return _link(f"dictionary.{table}.{column}", f"{table}.{column}" if whole else column)


def _link(target: str, text: str) -> nodes.Node:
    link = addnodes.pending_xref(
        "", reftype="ref", refdomain="std", reftarget=target, refexplicit=True, refwarn=True
    )
    link += nodes.literal(text=text)
    return link


def section(title: str, *content: nodes.Node) -> nodes.section:
    """A section with an address that has a hyphen where it has several words."""
    found = nodes.section(ids=[nodes.make_id(title)], names=[nodes.fully_normalize_name(title)])
    found += nodes.title(text=title)
    found += content
    return found
