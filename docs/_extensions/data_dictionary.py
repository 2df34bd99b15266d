"""The data dictionary: pages that are made from the descriptor when the site is built.

Each table has a page ``dictionary/<table>``, which is written before Sphinx reads the
documents and is not kept in the repository, and each column an address on it:
``dictionary/penalties.html#minimum``. In other pages
``{ref}`dictionary.penalties.minimum``` leads there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dictionary_facts import (
    KINDS,
    Reference,
    constraints_in_words,
    example_text,
    kind_of,
    references_from,
    references_to,
    rows_to_show,
    tables_by_kind,
)
from docutils import nodes
from entity_diagrams import SAME_TABLE, linked, overview_diagram, table_diagram
from page_parts import column_link, paragraph, table, table_link
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from cambodia_tip.frames import read_text
from cambodia_tip.package import Field, Package, Resource, open_package

PAGES = "dictionary"


class entity_diagram(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """A diagram: ``svg``, its ``title``, and the sentence under it as ``caption``."""


def write_pages(app: Sphinx) -> None:
    """Write a page for each table; pages of tables that are gone go too."""
    folder = Path(app.srcdir) / PAGES
    folder.mkdir(exist_ok=True)
    pages = {
        f"{name}.md": f"# {resource.title}\n\n```{{table-page}} {name}\n```\n"
        for name, resource in open_package().resources.items()
    }
    for page, text in pages.items():
        path = folder / page
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()


class TablesByKind(SphinxDirective):
    """``{tables-by-kind}``: the diagram of all tables, a list of them for each kind, the menu."""

    def run(self) -> list[nodes.Node]:
        package = open_package()
        self.env.note_dependency(str(package.path / "datapackage.json"))
        caption = (
            "All tables. A line leads from a table to one that it refers to. A number stands in"
            " place of lines where many refer to a table: it says how many."
        )
        diagram = entity_diagram(svg=overview_diagram(package), title=caption, caption=caption)
        by_title = sorted(package.resources.values(), key=lambda resource: resource.title)
        pages = "\n".join(f"/{PAGES}/{resource.name}" for resource in by_title)
        menu = self.parse_text_to_nodes(f"```{{toctree}}\n:hidden:\n\n{pages}\n```")
        lists = [_kind_section(k, r) for k, r in tables_by_kind(package).items()]
        return [diagram, *menu, *lists]


def _kind_section(kind: str, resources: list[Resource]) -> nodes.Node:
    rows = [
        [
            [table_link(resource.name)],
            [nodes.Text(str(len(read_text(resource))))],
            [nodes.Text(resource.description)],
        ]
        for resource in resources
    ]
    listing = table(["Table", "Rows", "What it holds"], rows, [30, 10, 60], numbers={1})
    return _section(kind, paragraph(nodes.Text(KINDS[kind])), listing)


class TablePage(SphinxDirective):
    """``{table-page} NAME``: everything that is to be known of a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = open_package()
        resource = package.resource(self.arguments[0])
        self._note(package, resource)
        return [
            *_introduction(resource),
            _columns(resource),
            _links(package, resource),
            _examples(resource),
        ]

    def _note(self, package: Package, resource: Resource) -> None:
        """Tell Sphinx what the page depends on and what may be linked to."""
        self.env.note_dependency(str(package.path / "datapackage.json"))
        self.env.note_dependency(str(resource.path))
        domain, page = self.env.domains.standard_domain, self.env.docname
        name = f"{PAGES}.{resource.name}"
        domain.note_hyperlink_target(name, page, "", resource.name)
        for field in resource.fields:
            label = f"{resource.name}.{field.name}"
            domain.note_hyperlink_target(f"{PAGES}.{label}", page, field.name, label)


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
        facts,
        nodes.literal_block(
            text=f'import cambodia_tip as tip\n\ntip.load("{resource.name}")', language="python"
        ),
        nodes.literal_block(text=f"cambodia-tip show {resource.name}", language="text"),
    ]


def _columns(resource: Resource) -> nodes.section:
    listing = nodes.definition_list(classes=["columns"])
    for field in resource.fields:
        listing += _column(resource, field)
    return _section("List of columns", listing)


def _column(resource: Resource, field: Field) -> nodes.definition_list_item:
    needs = "key" if field.name in resource.primary_key else "required" if field.required else ""
    term = nodes.term(ids=[field.name])
    term += nodes.literal(text=field.name)
    for note in filter(None, [field.type, needs]):
        term += [nodes.Text(" "), nodes.inline(text=note, classes=["column-note"])]
    permalink = nodes.reference("", "¶", refuri=f"#{field.name}", classes=["headerlink"])
    permalink["reftitle"] = f"Link to the column {field.name}"
    term += permalink
    body = nodes.definition("", paragraph(nodes.Text(field.description)))
    facts = nodes.bullet_list(classes=["column-facts"])
    for reference in references_from(resource):
        if field.name in reference.columns:
            facts += nodes.list_item("", paragraph(*_refers(reference, field.name)))
    limits = list(constraints_in_words(resource, field))
    if limits:
        sentence = "; ".join(limits)
        facts += nodes.list_item("", paragraph(nodes.Text(f"{sentence[0].upper()}{sentence[1:]}.")))
    if "pattern" in field.constraints:
        pattern = nodes.literal(text=field.constraints["pattern"])
        facts += nodes.list_item("", paragraph(nodes.Text("Written as "), pattern))
    if field.sdmx_concept:
        concept = nodes.literal(text=field.sdmx_concept)
        facts += nodes.list_item(
            "", paragraph(nodes.Text("In SDMX "), concept, nodes.Text(f", a {field.sdmx_role}"))
        )
    elif field.sdmx_role:
        article = "an" if field.sdmx_role[0] in "aeiou" else "a"
        facts += nodes.list_item(
            "", paragraph(nodes.Text(f"In SDMX {article} {field.sdmx_role} of our own"))
        )
    if field.categories:
        facts += nodes.list_item("", paragraph(nodes.Text("One of these codes:")), _codes(field))
    else:
        example = nodes.literal(text=example_text(field))
        facts += nodes.list_item("", paragraph(nodes.Text("For example "), example))
    body += facts
    return nodes.definition_list_item("", term, body)


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
        "On the left the tables that refer to this one, on the right those that it refers to;"
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
    return _section("Links to other tables", *parts)


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
    sentence = paragraph(
        nodes.Text(
            f"{what}, with every cell as it stands in the file; an empty one is empty there."
        )
    )
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
    return _section("Example rows", sentence, listing)


def _section(title: str, *content: nodes.Node) -> nodes.section:
    section = nodes.section(ids=[nodes.make_id(title)], names=[nodes.fully_normalize_name(title)])
    section += nodes.title(text=title)
    section += content
    return section


def visit_diagram(self: HTML5Translator, node: entity_diagram) -> None:
    """Write the diagram into the page, with links relative to it."""
    here = self.builder.current_docname

    def address(name: str) -> str:
        return self.builder.get_relative_uri(here, f"{PAGES}/{name}")

    drawn = linked(node["svg"], node["title"], address)
    self.body.append(
        f'<figure class="entity-diagram"><div class="scroll" tabindex="0" role="region"'
        f' aria-label="Diagram, may be scrolled">{drawn}</div>'
        f"<figcaption>{self.encode(node['caption'])}</figcaption></figure>\n"
    )
    raise nodes.SkipNode


def skip_diagram(self: object, node: entity_diagram) -> None:
    """Other writers leave the diagram out: the lists under it say the same."""
    raise nodes.SkipNode


def name_toggles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Name the button that opens the list of tables in the navigation; the theme gives it none."""
    generate = context.get("generate_toctree_html")
    if generate is None:
        return

    def named(*arguments: Any, **options: Any) -> Any:
        tree = generate(*arguments, **options)
        for button in tree("summary") if hasattr(tree, "find_all") else ():  # else kept as text
            link = button.find_parent("li").find("a")
            button["aria-label"] = f"Pages under {link.get_text(strip=True)}"
        return tree

    context["generate_toctree_html"] = named


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    skip = (skip_diagram, None)
    app.add_node(entity_diagram, html=(visit_diagram, None), text=skip, latex=skip, man=skip)
    app.add_directive("tables-by-kind", TablesByKind)
    app.add_directive("table-page", TablePage)
    app.add_css_file("dictionary.css")
    app.connect("builder-inited", write_pages)
    app.connect("html-page-context", name_toggles, priority=900)  # after the theme
    app.setup_extension("data_tables")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
