"""What the page of a table shows: what it is, its columns, its links, and rows of it."""

from __future__ import annotations

from collections.abc import Iterator

from dictionary_facts import (
    Reference,
    constraints_in_words,
    kind_of,
    references_from,
    references_to,
    rows_to_show,
)
from docutils import nodes
from entity_diagrams import SAME_TABLE, entity_diagram, table_diagram
from page_parts import column_link, paragraph, section, table, table_link

from cambodia_tip.package.model import Field, Package, Resource
from cambodia_tip.reading.frames import read_text


def table_page(package: Package, resource: Resource) -> list[nodes.Node]:
    """All of the page but its title."""
    return [
        *_introduction(resource),
        _columns(resource),
        _links(package, resource),
        _examples(resource),
    ]


def _introduction(resource: Resource) -> list[nodes.Node]:
    number = len(read_text(resource))
    key: list[nodes.Node] = []
    for name in resource.primary_key:
        key += [nodes.Text(" and "), column_link(resource.name, name)]
    facts = nodes.field_list()
    for name, value in (
        ("Table", [nodes.literal(text=resource.name)]),
        ("Kind", [nodes.Text(kind_of(resource))]),
        ("Rows", [nodes.Text(str(number))]),
        ("Key", key[1:]),
    ):
        body = nodes.field_body("", paragraph(*value))
        facts += nodes.field("", nodes.field_name(text=name), body)
    return [
        paragraph(nodes.Text(resource.description)),
        *_records(resource, number),
        facts,
        nodes.literal_block(
            text=f'import cambodia_tip as tip\n\ntip.load("{resource.name}")', language="python"
        ),
        nodes.literal_block(text=f"cambodia-tip show {resource.name}", language="text"),
    ]


def _records(resource: Resource, number: int) -> Iterator[nodes.Node]:
    """Where its records can be read, if it has any: rows with an id and a quote."""
    if {"id", "quote"} <= set(resource.field_names):
        link = nodes.reference(
            text=f"Its {number:,} records", refuri=f"../explorer.html?topic={resource.name}"
        )
        yield paragraph(link, nodes.Text(" are in the explorer, each with its own page."))


def _columns(resource: Resource) -> nodes.section:
    listing = nodes.definition_list(classes=["columns"])
    for field in resource.fields:
        listing += _column(resource, field)
    return section("List of columns", listing)


def _column(resource: Resource, field: Field) -> nodes.definition_list_item:
    needs = "key" if field.name in resource.primary_key else "required" if field.required else ""
    term = nodes.term(ids=[field.name])
    term += nodes.literal(text=field.name)
    for note in filter(None, [field.type, needs]):
        term += [nodes.Text(" "), nodes.inline(text=note, classes=["column-note"])]
    permalink = nodes.reference("", "¶", refuri=f"#{field.name}", classes=["headerlink"])
    permalink["reftitle"] = f"Link to the column {field.name}"
    term += permalink
    facts = nodes.bullet_list(classes=["column-facts"])
    facts += [nodes.list_item("", paragraph(*fact)) for fact in _facts(resource, field)]
    if field.categories:
        facts += nodes.list_item("", paragraph(nodes.Text("One of these codes:")), _codes(field))
    description = paragraph(nodes.Text(field.description))
    return nodes.definition_list_item("", term, nodes.definition("", description, facts))


def _facts(resource: Resource, field: Field) -> Iterator[list[nodes.Node]]:
    """What is to be said of a column beyond its description and its codes, each a line."""
    for reference in references_from(resource):
        if field.name in reference.columns:
            yield _refers(reference, field.name)
    if limits := "; ".join(constraints_in_words(resource, field)):
        yield [nodes.Text(f"{limits[0].upper()}{limits[1:]}.")]
    if "pattern" in field.constraints:
        yield [nodes.Text("Written as "), nodes.literal(text=field.constraints["pattern"])]
    if field.sdmx_role:
        article = "an" if field.sdmx_role[0] in "aeiou" else "a"
        if field.sdmx_concept:
            concept = nodes.literal(text=field.sdmx_concept)
            yield [nodes.Text("In SDMX "), concept, nodes.Text(f", {article} {field.sdmx_role}")]
        else:
            yield [nodes.Text(f"In SDMX {article} {field.sdmx_role} of our own")]
    if not field.categories:
        yield [nodes.Text("For example "), nodes.literal(text=example(resource, field))]


def example(resource: Resource, field: Field) -> str:
    """A value of the column in this table: the one of the schema, or the first that there is.

    Tables share the description of a column, so its example may be of another table.
    """
    cells = read_text(resource)[field.name].dropna()
    return str(field.example if cells.empty or field.example in set(cells) else cells.iloc[0])


def _refers(reference: Reference, column: str) -> list[nodes.Node]:
    target = reference.target_columns[reference.columns.index(column)]
    found = [nodes.Text("Refers to "), column_link(reference.target, target, whole=True)]
    others = [name for name in reference.columns if name != column]
    for name in others:
        found += [nodes.Text(", together with "), column_link(reference.table, name)]
    return found


def _codes(field: Field) -> nodes.table:
    rows = []
    for code, label in field.categories.items():
        meaning: list[nodes.Node] = [nodes.Text(label)]
        if code in field.printed_as:
            words = ", ".join(field.printed_as[code])
            meaning.append(nodes.emphasis(text=f" Words that show it: {words}.", classes=["aside"]))
        rows.append([[nodes.literal(text=code)], meaning])
    return table(["Code", "Meaning"], rows, [30, 70])


def _links(package: Package, resource: Resource) -> nodes.section:
    caption = (
        "The tables on the left refer to this one; it refers to those on the right."
        f" {SAME_TABLE} marks a column that refers to rows of the same table."
        " The lists below say the same."
    )
    diagram = entity_diagram(
        svg=table_diagram(package, resource),
        title=f"Entity diagram of {resource.name}. The lists below say the same.",
        caption=caption,
    )
    parts: list[nodes.Node] = [diagram]
    for words, references, side in (
        ("It refers to:", references_from(resource), "to"),
        ("These refer to it:", references_to(package, resource.name), "from"),
    ):
        if references:
            parts += [paragraph(nodes.Text(words)), _reference_list(references, side)]
        else:
            none = "It refers to no table." if side == "to" else "No table refers to it."
            parts.append(paragraph(nodes.Text(none)))
    return section("Links to other tables", *parts)


def _reference_list(references: list[Reference], side: str) -> nodes.bullet_list:
    by_table: dict[str, list[nodes.Node]] = {}
    for reference in references:
        name = reference.target if side == "to" else reference.table
        found = by_table.setdefault(name, [])
        found.append(nodes.Text(", " if found else " by "))
        for index, column in enumerate(reference.columns):
            found += [nodes.Text(" with ")] if index else []
            found.append(column_link(reference.table, column))
    listing = nodes.bullet_list(classes=["references"])
    for name, found in by_table.items():
        listing += nodes.list_item("", paragraph(table_link(name), *found))
    return listing


def _examples(resource: Resource) -> nodes.section:
    rows = rows_to_show(resource)
    what = "All its rows" if len(rows) < 3 else "Three rows that together show most of the table"
    sentence = paragraph(nodes.Text(f"{what}. Cells are those of the file."))
    heads = ["Column", *(f"Row {number}" for number in range(1, len(rows) + 1))]
    listing = table(
        heads,
        [
            [[column_link(resource.name, name)], *([nodes.Text(row[name])] for row in rows)]
            for name in resource.field_names
        ],
        [19, *([27] * len(rows))],
    )
    listing["classes"].append("example-rows")
    return section("Example rows", sentence, listing)
