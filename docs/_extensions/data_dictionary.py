"""The data dictionary: pages that are made from the descriptor when the site is built.

Each table has a page ``dictionary/<table>``, which is written before Sphinx reads the
documents and is not kept in the repository, and each column an address on it:
``dictionary/penalties.html#minimum``. In other pages
``{ref}`dictionary.penalties.minimum``` leads there.
"""

from __future__ import annotations

from pathlib import Path

from dictionary_facts import KINDS, tables_by_kind
from docutils import nodes
from entity_diagrams import entity_diagram, overview_diagram, skip_diagram, visit_diagram
from page_parts import paragraph, section, table, table_link
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from table_page import table_page

from cambodia_tip.package.model import Package, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.frames import read_text

PAGES = "dictionary"


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
            path.write_text(text, encoding="utf-8", newline="\n")
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()


class TablesByKind(SphinxDirective):
    """``{tables-by-kind}``: the diagram of all tables, a list of them for each kind, the menu."""

    def run(self) -> list[nodes.Node]:
        package = open_package()
        self.env.note_dependency(str(package.path / "datapackage.json"))
        caption = (
            "All tables. A line leads from a table to one that it refers to. If many tables"
            " refer to one, a number replaces the lines."
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
    return section(kind, paragraph(nodes.Text(KINDS[kind])), listing)


class TablePage(SphinxDirective):
    """``{table-page} NAME``: everything that is to be known of a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = open_package()
        resource = package.resource(self.arguments[0])
        self._note(package, resource)
        return table_page(package, resource)

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


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    skip = (skip_diagram, None)
    app.add_node(entity_diagram, html=(visit_diagram, None), text=skip, latex=skip, man=skip)
    app.add_directive("tables-by-kind", TablesByKind)
    app.add_directive("table-page", TablePage)
    app.add_css_file("dictionary.css")
    app.connect("builder-inited", write_pages)
    app.setup_extension("data_tables")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
