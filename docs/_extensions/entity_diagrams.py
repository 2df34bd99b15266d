"""Entity diagrams as SVG in the page, so that they take its colours and work offline.

Graphviz lays them out, from the wheel of pygraphviz, which brings it along. The
SVG stands in the page itself: an image could not follow the theme from light to
dark, nor could its links be reached with the keyboard. Every name is set in a
font of one width and each box is given that width, so that a machine without
this font draws the same boxes.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pygraphviz
from dictionary_facts import KINDS, kind_of, references_from, references_to, tables_by_kind
from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from cambodia_tip.package.model import Package, Resource

PAPER, HEAD, LINE = "#fdfdfe", "#e7edf3", "#5a6b7d"
"""Colours by which the style sheet finds the parts; it gives them those of the theme."""
SAME_TABLE = "\N{ANTICLOCKWISE OPEN CIRCLE ARROW}"
"""Marks a column that refers to rows of its own table."""
_CHARACTER, _MARGIN = 7.3, 18
_MOST_BOXES, _MOST_LINES = 12, 6
"""How many tables may refer to one before they are put together, or counted."""
_GRAPH = (
    "digraph {{ rankdir=LR; bgcolor=transparent; pad=0.05; nodesep=0.14; ranksep={gap};"
    ' node [shape=plain, fontname="Courier", fontsize=12]; edge [color="{line}",'
    " arrowsize=0.6, penwidth=1.1];\n{body}\n}}"
)


def overview_diagram(package: Package) -> str:
    """All tables by kind, with lines for the links between two of them that are particular.

    Tables that many others refer to have a number in place of lines, which would
    cover everything.
    """
    hubs = {t: n for t, n in _referring(package).items() if n > _MOST_LINES}
    width = max(len(_with_count(name, hubs)) for name in package.resources)
    boxes, lines = [], []
    for kind, resources in tables_by_kind(package).items():
        rows = [_row(kind, width, "head", head=True)]
        rows += [_row(_with_count(r.name, hubs), width, r.name, link=r.name) for r in resources]
        boxes.append(_box(kind, rows))
        for resource in resources:
            targets = {reference.target for reference in references_from(resource)}
            lines += [
                _line(resource, package.resource(target))
                for target in sorted(targets - set(hubs) - {resource.name})
            ]
    return _svg("\n".join([*boxes, *lines, *_two_to_a_column(list(KINDS))]), gap=0.7)


def _line(resource: Resource, target: Resource) -> str:
    """A line of the overview; one inside a column leaves and enters at the right."""
    kind, other = kind_of(resource), kind_of(target)
    kinds = list(KINDS)
    aside = kinds.index(kind) // 2 == kinds.index(other) // 2
    ports = f'"{kind}":"{resource.name}":e -> "{other}":"{target.name}"'
    return f"{ports}:e [constraint=false];" if aside else f"{ports}:w;"


def _two_to_a_column(kinds: list[str]) -> list[str]:
    """Two kinds stand over each other, and each pair right of the one before."""
    pairs = [kinds[i : i + 2] for i in range(0, len(kinds), 2)]
    same = [f"{{ rank=same; {' '.join(map(json.dumps, pair))} }}" for pair in pairs]
    right = [
        f'"{left[0]}" -> "{right[0]}" [style=invis, weight=20];' for left, right in pairwise(pairs)
    ]
    return same + right


def table_diagram(package: Package, resource: Resource) -> str:
    """A table with the columns that link it, the tables that it refers to, and those that do."""
    references = references_from(resource)
    linked = {column for reference in references for column in reference.columns}
    own = {r.columns[0] for r in references if r.target == resource.name}
    shown = [n for n in resource.field_names if n in {*linked, *resource.primary_key}]
    marked = {name: f"{name} {SAME_TABLE}" if name in own else name for name in shown}
    width = max(map(len, [*marked.values(), resource.name]))
    rows = [_row(resource.name, width, "head", head=True)]
    rows += [_row(text, width, name) for name, text in marked.items()]
    others = [reference for reference in references if reference.target != resource.name]
    targets = list(dict.fromkeys(reference.target for reference in others))
    width = max(map(len, targets), default=0)
    body = [_box("this", rows)]
    body += [_box(f"to {t}", [_row(t, width, "head", head=True, link=t)]) for t in targets]
    # a key of several columns is drawn from its last, the others having lines of their own
    body += [f'this:"{r.columns[-1]}":e -> "to {r.target}":head:w' for r in others]
    body += _referring_boxes(package, resource)
    return _svg("\n".join(dict.fromkeys(body)), gap=0.7)


def _referring_boxes(package: Package, resource: Resource) -> list[str]:
    """Boxes of the tables that refer to this one; one for each kind where there are many."""
    found: dict[str, list[str]] = {}
    for reference in references_to(package, resource.name):
        if reference.table != resource.name:
            columns = found.setdefault(reference.table, [])
            columns += [reference.columns[-1]] if reference.columns[-1] not in columns else []
    is_short = len(found) <= _MOST_BOXES
    if not is_short:
        kinds = Counter(kind_of(package.resource(table)) for table in found)
        found = {kind: [_tables(kinds[kind])] for kind in KINDS if kind in kinds}
    width = max((len(text) for name, rows in found.items() for text in (name, *rows)), default=0)
    body = []
    for name, texts in found.items():
        rows = [_row(name, width, "head", head=True, link=name if is_short else None)]
        rows += [_row(text, width, str(place)) for place, text in enumerate(texts)]
        body.append(_box(f"from {name}", rows))
        body += [f'"from {name}":"{place}":e -> this:head:w' for place in range(len(texts))]
    return body


def _tables(number: int) -> str:
    return "1 table" if number == 1 else f"{number} tables"


def _referring(package: Package) -> dict[str, int]:
    return {
        table: len({r.table for r in references_to(package, table)} - {table})
        for table in package.resources
    }


def _with_count(table: str, hubs: dict[str, int]) -> str:
    return f"{table} ({hubs[table]})" if table in hubs else table


def _box(name: str, rows: list[str]) -> str:
    table = f'<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" COLOR="{LINE}">'
    return f'"{name}" [label=<{table}{"".join(rows)}</TABLE>>];'


def _row(text: str, width: int, port: str, *, head: bool = False, link: str | None = None) -> str:
    address = f' HREF="dictionary:{link}"' if link else ""
    text = html.escape(text)
    return (
        f'<TR><TD ALIGN="LEFT" CELLPADDING="5" PORT="{port}" BGCOLOR="{HEAD if head else PAPER}"'
        f' WIDTH="{width * _CHARACTER + _MARGIN:.0f}"{address}>'
        f"{f'<B>{text}</B>' if head else text}</TD></TR>"
    )


def _svg(body: str, gap: float) -> str:
    graph = pygraphviz.AGraph(string=_GRAPH.format(body=body, gap=gap, line=LINE))
    drawn: str = graph.draw(format="svg", prog="dot").decode()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<!--.*?-->|<title>.*?</title>", "", drawn, flags=re.S)
    drawn = re.sub(r'(width|height)="(\d+)pt"', r'\1="\2"', drawn, count=2)
    drawn = re.sub(r' (?:id|xlink:title|xmlns:xlink|xml:space|font-family)="[^"]*"', "", drawn)
    # on a narrow screen it shrinks a little, then scrolls
    size = re.sub(r'<svg width="(\d+)"', _with_least_width, drawn, count=1)
    return re.sub(r"\n\s*", "\n", size.replace("xlink:href", "href")).strip()


def _with_least_width(match: re.Match[str]) -> str:
    return f'{match.group()} style="min-width: {int(match.group(1)) * 0.85:.0f}px"'


class entity_diagram(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """A diagram: ``svg``, its ``title``, and the sentence under it as ``caption``."""


def visit_diagram(self: HTML5Translator, node: entity_diagram) -> None:
    """Write the diagram into the page, with links relative to it."""
    here = self.builder.current_docname

    def address(name: str) -> str:
        return self.builder.get_relative_uri(here, f"dictionary/{name}")

    drawn = _linked(node["svg"], node["title"], address)
    self.body.append(
        f'<figure class="entity-diagram"><div class="scroll" tabindex="0" role="region"'
        f' aria-label="Diagram, may be scrolled">{drawn}</div>'
        f"<figcaption>{self.encode(node['caption'])}</figcaption></figure>\n"
    )
    raise nodes.SkipNode


def skip_diagram(self: object, node: entity_diagram) -> None:
    """Other writers leave the diagram out: the lists under it say the same."""
    raise nodes.SkipNode


def _linked(svg: str, title: str, address: Callable[[str], str]) -> str:
    """A diagram with a name for those who do not see it, and its links led to pages."""
    name = html.escape(title, quote=True)
    svg = svg.replace("<svg", f'<svg role="group" aria-label="{name}"', 1)
    return re.sub(
        r'href="dictionary:([^"]+)"', lambda match: f'href="{address(match.group(1))}"', svg
    )
