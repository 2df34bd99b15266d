"""Roles and directives for prose whose numbers are taken from the tables when the site is built.

On the home page and the pages of findings nobody types a figure: ``{value}`ID` `` writes the number
of a record and links to its page, so a corrected cell corrects the sentence. An unknown or retired
id stops the build, and so does a digit outside of a role. Plain years from 1900 to 2099 are
allowed: they name reports and laws. The year of a figure is written by ``{period}`ID` `` wherever
it is inferred, which says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import findings_data as data
from docutils import nodes
from docutils.parsers.rst import directives
from downloads import FOLDER, SUFFIXES
from explorer_tables import rows_by_key
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

import cambodia_tip as tip

TEMPLATES = Path(__file__).parents[1] / "_templates"
MANY = 40
"""Tables of records with more rows than this are folded."""
SEVERAL = 12
"""And so are more pairs or gaps than this."""

_TYPED = re.compile(r"\d[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d[,.]?$")
_NOT_PROSE = re.compile(
    r"\A---\n.*?\n---\n"  # what stands before the page
    r"|^(`{3,}|~{3,}|:{3,}) *\{[\w-]+\}[^\n]*"  # the head of a directive: ids and names of charts
    r"|^:[\w-]+:.*$|^\([\w-]+\)=$"
    r"|^[a-z0-9-]+ *(?=\||$)"  # ids on lines of their own, in lists of records
    r"|\{[\w-]+\}`[^`<]*`"  # a role that is only an id
    r"|<[^>`]*>(?=`)|\]\([^)]*\)",  # the targets of roles and links, whose words are prose
    re.DOTALL | re.MULTILINE,
)


def is_finding(docname: str) -> bool:
    """Whether a page may have no typed figures."""
    return docname == "index" or docname.startswith("findings/")


def typed_figures(text: str) -> list[str]:
    """Digits in the prose of a page that no role has written, plain years aside.

    Examples:
        >>> typed_figures("In 2017, 129 people, {value}`record-2017`.")
        ['129']
    """
    prose = _NOT_PROSE.sub(" ", text)
    return [found for found in _TYPED.findall(prose) if not _YEAR.match(found)]


def refuse_typed_figures(app: Sphinx, docname: str, content: list[str]) -> None:
    """Stop the build at a typed figure."""
    if is_finding(docname) and (found := typed_figures(content[0])):
        raise ExtensionError(f"{docname}: typed figures {found}; write {{value}}`ID` instead")


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Describe a page of findings by its claim and by who says so."""
    if doctree is not None and page.startswith("findings/"):
        paragraph = next(iter(doctree.findall(nodes.paragraph)))
        claim = Markup(context["title"]).striptags()
        context["description"] = f"{claim}. {paragraph.astext()}"


def up_from(docname: str) -> str:
    """What leads from a page to the first folder of the site."""
    return "../" * docname.count("/")


class _Told(SphinxRole):
    """A role that writes what a function says of its id, and links to a page."""

    tell: Callable[[str], str]
    page = "r/{}.html"
    kind = "tip-value"

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the text and link it."""
        try:
            text = type(self).tell(self.text)
        except (LookupError, ValueError) as error:
            raise ExtensionError(f"{self.env.docname}: {error}") from error
        return [self.shown(text)], []

    def shown(self, text: str) -> nodes.Node:
        """The text on the page."""
        return self.linked(text, self.text)

    def linked(self, text: str, id_: str) -> nodes.Node:
        """A link from this page."""
        target = up_from(self.env.docname) + self.page.format(id_)
        return nodes.reference("", text, refuri=target, classes=[self.kind])


class Value(_Told):
    """The number of a record, with what qualifies it."""

    tell = staticmethod(data.value_text)


class CapitalValue(_Told):
    """The number of a record at the beginning of a sentence."""

    tell = staticmethod(lambda id_: _capital(data.value_text(id_)))


class Period(_Told):
    """When a record is about; says so if it is inferred."""

    tell = staticmethod(data.period_text)

    def shown(self, text: str) -> nodes.Node:
        """The period, without a second link to the record."""
        return nodes.inline("", text, classes=["tip-period"])


class Age(_Told):
    """The age of the victims that a penalty is for, as printed: under or over a limit."""

    tell = staticmethod(data.age_text)


class Computed(SphinxRole):
    """A statement about the data as a whole."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write it."""
        try:
            return [nodes.inline("", data.computed(self.text), classes=["tip-computed"])], []
        except LookupError as error:
            raise ExtensionError(f"{self.env.docname}: {error}") from error


class _Named(_Told):
    """A role with words of its own: ``words <id>``."""

    kind = "tip-record"

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Link the words."""
        matched = re.fullmatch(r"(.+?)\s*<([^<>]+)>", self.text, re.DOTALL)
        words, id_ = matched.groups() if matched else (None, self.text)
        try:
            text = type(self).tell(id_)
        except LookupError as error:
            raise ExtensionError(f"{self.env.docname}: {error}") from error
        return [self.linked(words or text, id_)], []


class Record(_Named):
    """A link to a record, under its title or words of one's own."""

    tell = staticmethod(lambda id_: str(data.entry(id_)["title"]))


class Source(_Named):
    """A link to the page of a source."""

    tell = staticmethod(lambda id_: str(data.source_of(id_)["name"]))
    page = "sources/{}.html"


class Law(_Named):
    """A link to the page of a law."""

    page = "laws/{}.html"

    @staticmethod
    def tell(id_: str) -> str:
        """The short title of the law."""
        if data.table_of(id_) != "statutes":
            raise data.UnknownIdError(f"'{id_}' is no law")
        row = data.row_of(id_)
        return str(row.get("short_title", row["title"]))


class Explore(_Named):
    """A link to the explorer with filters: ``words <topic=penalties>``."""

    tell = staticmethod(lambda query: query)
    page = "explorer.html?{}"


class File(_Named):
    """A link to the file with all tables in a format."""

    tell = staticmethod(lambda kind: SUFFIXES[kind])

    def linked(self, text: str, id_: str) -> nodes.Node:
        """A link to the file of this version."""
        name = f"{FOLDER}/cambodia-tip-{tip.__version__}.{SUFFIXES[id_]}"
        return nodes.reference("", text, refuri=up_from(self.env.docname) + name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Directives


class _Block(SphinxDirective):
    """A part of a page that a template writes."""

    has_content = True
    optional_arguments = 20
    option_spec: Any = {}  # noqa: RUF012 - its name and kind in docutils

    def run(self) -> list[nodes.Node]:
        """Write the part; a wrong id stops the build."""
        self.env.note_dependency(str(TEMPLATES / "findings.html"))
        try:
            name, context = self.part()
        except (LookupError, ValueError) as error:
            raise ExtensionError(f"{self.env.docname}: {error}") from error
        return [nodes.raw("", rendered(name, self.env.docname, **context), format="html")]

    def part(self) -> tuple[str, dict[str, Any]]:
        """The macro of the template and what it is given."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """Ids after the name of the directive and on lines of their own."""
        yield from self.arguments
        yield from filter(None, (line.strip() for line in self.content))


class RecordTable(_Block):
    """All records of some tables, or of a topic in them, newest first."""

    option_spec = {"topic": directives.unchanged}  # noqa: RUF012

    def part(self) -> tuple[str, dict[str, Any]]:
        """The table."""
        tables = list(self.names())
        label = ", ".join(data.title_of_table(name) for name in tables)
        records = data.select(tables, _topic(self.options.get("topic")))
        if not records:
            raise data.UnknownIdError(f"there are no records in {', '.join(tables)}")
        return "records", {"records": records, "label": label, "is_folded": len(records) > MANY}


class Caveats(_Block):
    """Caveats by their ids, or all those of a record."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The list."""
        found: dict[str, dict[str, Any]] = {}
        caveats = rows_by_key("caveats", "id")
        for name in self.names():
            chosen = [data.caveat_of(name)] if name in caveats else data.entry(name)["caveats"]
            found.update((caveat["id"], caveat) for caveat in chosen)
        return "caveats", {"caveats": list(found.values())}


class Cards(_Block):
    """Records side by side, as equals."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The cards."""
        return "cards", {"records": [data.entry(name) for name in self.names()]}


class Conflicts(_Block):
    """Conflicts and revisions of a topic, side by side; with ``:first:``, each pair once."""

    option_spec = {"first": directives.flag}  # noqa: RUF012

    def part(self) -> tuple[str, dict[str, Any]]:
        """The pairs, under the caveats that explain them."""
        topic = _topic(self.arguments[0])
        every = data.about(str(topic))
        if not every:
            raise data.UnknownIdError(f"no conflict is about '{topic}'")
        is_overview = "first" in self.options
        shown = [pair for pair in every if pair.topic == topic] if is_overview else every
        elsewhere = [pair for pair in every if pair not in shown]
        return "conflicts", {
            "groups": data.groups(shown),
            "label": data.TOPICS[str(topic)],
            "number": len(every),
            "counted": data.counted(every),
            "elsewhere": [(data.numbers()[pair], pair) for pair in elsewhere],
            "is_overview": is_overview,
        }


class PairCounts(_Block):
    """How many conflicts and revisions each topic has, with links to them."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The table."""
        rows = data.pair_counts()
        columns = ("pairs", "conflicts", "revisions")
        return "pair_counts", {
            "rows": [{**row, "anchor": nodes.make_id(row["title"])} for row in rows],
            "sums": {name: sum(row[name] for row in rows) for name in columns},
        }


class Gaps(_Block):
    """What is not reported of a topic."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The list, each with its quote."""
        topic = self.arguments[0]
        records = data.gaps(_topic(topic))
        if not records:
            raise data.UnknownIdError(f"no gap is about '{topic}'")
        return "gaps", {
            "records": records,
            "label": data.TOPICS[topic],
            "is_folded": len(records) > SEVERAL,
            "is_on_paper": self.env.docname == "findings/not-reported",
        }


class Timeline(_Block):
    """Records by year, beside the tier of the year: a line is ``id`` or ``id | words``."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The years that have something, in their order."""
        years: dict[int, dict[str, list[Any]]] = {}
        for line in self.names():
            id_, _, words = (part.strip() for part in line.partition("|"))
            record = data.entry(id_)
            if not record.get("start"):
                raise ValueError(f"'{id_}' has no date")
            year = years.setdefault(int(record["start"][:4]), {"tiers": [], "entries": []})
            year["entries"].append({**record, "words": words, "kind": _MARKS[record["topic"]]})
        for record in data.select(["tier_placements"]):
            year = years.setdefault(int(record["start"][:4]), {"tiers": [], "entries": []})
            year["tiers"].append({**record, "tier": data.value_text(record["id"])})
        for year in years.values():
            year["entries"].sort(key=lambda record: (record["start"], record["id"]))
        return "timeline", {"years": sorted(years.items())}


_MARKS = {
    "statutes": "Law",
    "agreements": "Agreement",
    "action_plans": "Plan",
    "events": "Event",
    "operations": "Event",
    "programmes": "Program",
    "enforcement_stats": "Figure",
    "victim_stats": "Figure",
    "repatriations": "Figure",
    "estimates": "Figure",
    "migration_stats": "Figure",
}


class NewestSources(_Block):
    """The documents that were published last."""

    def part(self) -> tuple[str, dict[str, Any]]:
        """The list."""
        return "sources", {"sources": data.newest_sources(int(self.arguments[0]))}


def _topic(name: str | None) -> str | None:
    if name is not None and name not in data.TOPICS:
        raise data.UnknownIdError(f"there is no topic '{name}'")
    return name


def rendered(name: str, docname: str, **context: Any) -> str:
    """A macro of the template as HTML, with links that lead from this page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    module = environment.get_template("findings.html").make_module(
        {"up": up_from(docname), "leaked": data.LEAKED}
    )
    return str(getattr(module, name)(**context))


ROLES = {
    "value": Value,
    "value-first": CapitalValue,
    "period": Period,
    "age": Age,
    "computed": Computed,
    "record": Record,
    "source": Source,
    "law": Law,
    "explore": Explore,
    "tables": File,
}
DIRECTIVES = {
    "records": RecordTable,
    "caveats": Caveats,
    "cards": Cards,
    "conflicts": Conflicts,
    "gaps": Gaps,
    "pair-counts": PairCounts,
    "timeline": Timeline,
    "newest-sources": NewestSources,
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    for name, role in ROLES.items():
        app.add_role(name, role())
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("source-read", refuse_typed_figures)
    app.connect("html-page-context", describe)
    app.add_css_file("findings.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
