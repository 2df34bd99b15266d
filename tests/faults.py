"""Faults to put into a good package one at a time, made from its descriptor.

Each fault changes one file, whose size and hash follow unless the fault is
about them, so that nothing but the rule itself can see it. What a fault must
be found by stands beside it. A table or column that the descriptor gains is
covered at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cambodia_tip.checking.cells import cell_tests
from cambodia_tip.package.model import Field, ForeignKey, Package, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.parsing.numerals import prints

Row = dict[str, str]
Change = Callable[[bytes], "bytes | None"]


@dataclass(frozen=True)
class Fault:
    """One thing to do to one file.

    Attributes:
        kind: What it is, in words; faults of a kind are counted together.
        table: The table whose file is changed.
        column: The column in which it is; empty if it is not in one.
        change: Gives the new content of the file; nothing if the file is to go.
        rules: The rules of which one must find it.
        row: The key of the row that a finding must name; empty if it is about no row.
        text: The text that a finding must show; empty if there is none to show.
        is_hidden: Whether size and hash follow the change.
        seen_in: The table in which it shows, if that is another one.
        is_of_text: Whether the text alone is wrong, in whatever row it stands.
    """

    kind: str
    table: str
    column: str
    change: Change
    rules: tuple[str, ...]
    row: str = ""
    text: str = ""
    is_hidden: bool = True
    seen_in: str = ""
    is_of_text: bool = False

    @property
    def named(self) -> str:
        """The table that a finding must name."""
        return self.seen_in or self.table


@dataclass
class Data:
    """A good package and its rows as text."""

    package: Package
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def values(self, table: str, column: str) -> list[str]:
        return [row[column] for row in self.rows[table] if row[column]]

    @cached_property
    def documents(self) -> dict[str, str]:
        """The document of each record, by its id."""
        return {
            row["id"]: row["source_id"]
            for rows in self.rows.values()
            if rows and {"id", "source_id"} <= rows[0].keys()
            for row in rows
        }


def read_data(folder: Path | None = None) -> Data:
    data = Data(open_package(folder))
    for name, resource in data.package.resources.items():
        text = resource.path.read_bytes().decode()
        data.rows[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    return data


def write_rows(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8", "surrogateescape")


def all_faults(data: Data) -> Iterator[Fault]:
    """Every fault that can be put into the tables of a package."""
    for resource in data.package.resources.values():
        for column in resource.fields:
            yield from cell_faults(data, resource, column)
        yield from key_faults(data, resource)
        for key in resource.foreign_keys:
            yield from link_faults(data, resource, key)
        yield from content_faults(data, resource)
        yield from file_faults(data, resource)
    yield from id_faults(data)


def edited(
    data: Data,
    resource: Resource,
    place: int,
    cells: Row,
    kind: str,
    rules: tuple[str, ...],
    *,
    column: str | None = None,
    row: str | None = None,
) -> Fault:
    """The fault of other cells in one row; found in the first of them unless said otherwise."""
    rows = data.rows[resource.name]
    changed = {**rows[place], **cells}
    column = next(iter(cells)) if column is None else column
    key = ", ".join(changed[name] for name in resource.primary_key)
    return Fault(
        kind,
        resource.name,
        column,
        lambda _: write_rows(resource.field_names, [*rows[:place], changed, *rows[place + 1 :]]),
        rules,
        key if row is None else row,
        cells.get(column, ""),
    )


def key_of(resource: Resource, row: Row) -> str:
    return ", ".join(row[name] for name in resource.primary_key)


NO_NUMBER = ("many", "NaN", "inf", "-inf", "1e3", "+3", "1,000", "1 000", "0x1F", "٣", "1_000")
NOT_OF_TYPE = {
    "integer": ("3.0", "007", "9" * 19, *NO_NUMBER),
    "number": (".5", "5.", "007", *NO_NUMBER),
    "date": ("yesterday", "2003", "2003-02-30", "03/04/2005", "2003-1-1", "20030101",
             "2003-01-01T00:00:00", "2003-W01-1"),
    "boolean": ("yes", "TRUE", "True", "1", "t", "falsch"),
}  # fmt: skip
NO_EDTF = ("2003-13", "2003-02-30", "circa 2003", "2003~", "20030101", "2004/2003", "2004/", "03")
UNSEEN = {
    "a blank before the text": " {}",
    "a blank after the text": "{} ",
    "a no-break space": "{}\u00a0",
    "a tab in the text": "{}\t{}",
    "an invisible character": "{}\u200b",
    "a character that was lost": "{}\ufffd",
}


def cell_faults(data: Data, resource: Resource, column: Field) -> Iterator[Fault]:
    """Texts that break the field of a column."""
    for place in places(data, resource, lambda row: row[column.name]):
        yield from faults_of_cell(data, resource, column, place)


def faults_of_cell(data: Data, resource: Resource, column: Field, place: int) -> Iterator[Fault]:
    rows = data.rows[resource.name]
    text = rows[place][column.name]
    key = key_of(resource, rows[place])

    def put(kind: str, new: str, *rules: str) -> Fault:
        is_key = column.name in resource.primary_key
        named = None if not is_key or rules[0] in ("pattern", "minimum", "maximum") else ""
        fault = edited(data, resource, place, {column.name: new}, kind, rules, row=named or None)
        return replace(fault, is_of_text="unique" not in rules)

    for kind, form in UNSEEN.items():
        yield put(kind, form.format(text, text), "whitespace")
    rule = "formula" if column.type == "string" else "type"
    sign = "=+-@"[resource.field_names.index(column.name) % 4]
    yield put("a formula for a spreadsheet", f"{sign}SUM(A1)", rule)
    for new in NOT_OF_TYPE.get(column.type, ()):
        article = "an" if column.type[0] in "aeiou" else "a"
        yield put(f"text that is not {article} {column.type}", new, "type")
    if column.edtf:
        for new in NO_EDTF:
            yield put("text that is not an EDTF date", new, "type")
    if column.is_address:
        for new in ("www.state.gov", "ftp://www.state.gov", "https://www state gov"):
            yield put("text that is not a URL", new, "type")
    if "enum" in column.constraints:
        for new in sorted({f"{text}_x", text.swapcase(), "unknown code"} - {text}):
            yield put("a code that the list does not have", new, "enum")
    if "pattern" in column.constraints and not column.edtf:
        yield put("text that does not match the pattern", f"é{text}!", "pattern")
    if "minimum" in column.constraints:
        yield put("a value below the minimum", beyond(column, "minimum"), "minimum", "type")
    if "maximum" in column.constraints:
        yield put("a value above the maximum", beyond(column, "maximum"), "maximum", "type")
    if column.required:
        new = {column.name: ""}
        named = "" if column.name in resource.primary_key else key
        yield edited(
            data, resource, place, new, "an empty cell that is required", ("required",), row=named
        )
    if column.constraints.get("unique") and resource.primary_key != (column.name,):
        other = next(row[column.name] for n, row in enumerate(rows) if n != place)
        yield put("a text twice that must be unique", other, "unique")


def beyond(column: Field, name: str) -> str:
    limit, step = column.constraints[name], -1 if name == "minimum" else 1
    if column.type == "date":
        return f"{int(limit[:4]) + step}{limit[4:]}"
    return str(limit + step)


def key_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """Keys that are there twice or not whole, and rows out of order."""
    rows, columns = data.rows[resource.name], resource.field_names
    key = key_of(resource, rows[0])
    yield Fault(
        "a row twice", resource.name, ", ".join(resource.primary_key),
        lambda _: write_rows(columns, [rows[0], *rows]), ("primary-key",), key,
    )  # fmt: skip
    if len(rows) < 2:
        return
    same_key = {name: rows[0][name] for name in resource.primary_key}
    yield Fault(
        "a key twice", resource.name, ", ".join(resource.primary_key),
        lambda _: write_rows(columns, [rows[0], {**rows[1], **same_key}, *rows[2:]]),
        ("primary-key",), key,
    )  # fmt: skip
    yield Fault(
        "rows out of order", resource.name, ", ".join(resource.primary_key),
        lambda _: write_rows(columns, [rows[1], rows[0], *rows[2:]]), ("order",), key,
    )  # fmt: skip


def link_faults(data: Data, resource: Resource, key: ForeignKey) -> Iterator[Fault]:
    """Links to nothing, half a link, and links of a row to itself."""
    rows = data.rows[resource.name]
    place = next(n for n, row in enumerate(rows) if all(row[name] for name in key.fields))
    target = {tuple(row[name] for name in key.reference_fields) for row in data.rows[key.resource]}
    last = key.fields[-1]
    new = next(
        text
        for text in candidates(rows[place][last])
        if all(is_right(text) for _, _, is_right in cell_tests(resource.field(last)))
        and tuple({**rows[place], last: text}[name] for name in key.fields) not in target
        and (resource.name != key.resource or text != rows[place][last])
    )
    kind = "a link to a row that is not there"
    if len(key.fields) > 1:
        kind = "a composite link to a row that is not there"
    elif key.resource == resource.name:
        kind = "a link within a table to a row that is not there"
    fault = edited(data, resource, place, {last: new}, kind, ("foreign-key",))
    yield Fault(**{**vars(fault), "column": ", ".join(key.fields)})
    if len(key.fields) > 1 and not resource.field(last).required:
        yield edited(data, resource, place, {last: ""}, "half a link", ("foreign-key",))
    is_self = key.resource == resource.name and len(key.fields) == 1
    if is_self and key.reference_fields == resource.primary_key:
        own = rows[place][resource.primary_key[0]]
        yield edited(
            data, resource, place, {last: own}, "a row that is linked to itself", ("self-link",)
        )
        other = rows[place][last]
        circle = [
            {**row, last: own} if row[resource.primary_key[0]] == other else row for row in rows
        ]
        yield Fault(
            "rows that are linked in a circle", resource.name, last,
            lambda _: write_rows(resource.field_names, circle), ("self-link",), own, other,
        )  # fmt: skip


def candidates(text: str) -> Iterator[str]:
    yield from (
        f"{text}-zz",
        f"{text}_zz",
        f"{text}zz",
        "QQQ",
        "W8",
        "998",
        f"{text}9",
        f"{text}.9",
    )


def content_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """What breaks the rules of content; each where a table has the columns for it."""
    columns = set(resource.field_names)
    for names, make in CONTENT:
        if names <= columns:
            yield from make(data, resource)
    for column in resource.fields:
        if column.name.endswith("quote"):
            yield from quote_faults(data, resource, column)
        if column.printed_in:
            yield from number_faults(data, resource, column)
        if column.printed_as:
            yield from words_faults(data, resource, column)


def places(data: Data, resource: Resource, is_right: Callable[[Row], object]) -> Iterator[int]:
    """The place of the first row that is so; nothing if none is."""
    yield from [n for n, row in enumerate(data.rows[resource.name]) if is_right(row)][:1]


def quote_faults(data: Data, resource: Resource, column: Field) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row[column.name]):
        sentence = "The authorities reported 3 of them."
        for kind, text in (
            ("a quote without words", "..."),
            ("a quote that is too long", " ".join(["word"] * 16)),
            ("a quote that is a whole sentence", sentence),
            ("a quote in other letters", "\u0440\u043e\u043b\u0456\u0441\u0435"),
        ):
            yield edited(data, resource, n, {column.name: text}, kind, ("quote",))


def number_faults(data: Data, resource: Resource, column: Field) -> Iterator[Fault]:
    def is_printed(row: Row) -> object:
        return row[column.name] and row[column.printed_in or ""] and (
            row.get("value_basis") != "derived"
        )  # fmt: skip

    for n in places(data, resource, is_printed):
        row = data.rows[resource.name][n]
        number, quote = int(float(row[column.name])), row[column.printed_in or ""]
        new = next(
            str(other)
            for other in (number + step for step in (1, -1, 2, 3, 4, 5))
            if not prints(quote, other)
            and all(is_right(str(other)) for _, _, is_right in cell_tests(column))
        )
        kind = "a number that its quote does not print"
        yield edited(data, resource, n, {column.name: new}, kind, ("printed",))


def words_faults(data: Data, resource: Resource, column: Field) -> Iterator[Fault]:
    """Codes for words of the quote: qualifiers, and gaps."""

    def is_plain(row: Row) -> bool:
        return bool(row["value"]) and "qualifier" not in row["note"]

    for code in column.printed_as:
        for n in places(
            data, resource, lambda row: is_plain(row) and row[column.name] not in column.printed_as
        ):
            kind = "a code for words that the quote does not have"
            rules = ("qualifier", "status")
            yield edited(data, resource, n, {column.name: code}, kind, rules)
        plain = next(code for code in column.categories if code not in column.printed_as)
        for n in places(
            data, resource, lambda row, code=code: is_plain(row) and row[column.name] == code
        ):
            kind = "a missing code for words of the quote"
            yield edited(data, resource, n, {column.name: plain}, kind, ("qualifier",))
        for n in places(
            data, resource, lambda row, code=code: not row["value"] and row[column.name] == code
        ):
            kind = "a gap that is read as zero"
            cells = {column.name: plain, "value": "0"}
            yield edited(data, resource, n, cells, kind, ("qualifier", "printed"), column="")


def part_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    rows = {row["id"]: row for row in data.rows[resource.name]}
    for n in places(data, resource, lambda row: row["part_of"] and row["value"]):
        part = data.rows[resource.name][n]
        whole = rows[part["part_of"]]
        for column in ("unit", "reported_by"):
            other = next(v for v in data.values(resource.name, column) + data.values(
                "units" if column == "unit" else "organizations",
                "unit" if column == "unit" else "id") if v != whole[column])  # fmt: skip
            kind = "a part of another unit or reporter than its whole"
            yield edited(data, resource, n, {column: other}, kind, ("parts",))
        yield edited(
            data, resource, n, {"part_role": ""}, "a part that does not say how", ("parts",)
        )
        yield edited(
            data, resource, n, {"part_of": ""}, "a part that does not say of what", ("parts",)
        )
        if whole["value"]:
            more = str(int(whole["value"]) + 1)
            kind = "a part that is more than its whole"
            yield edited(data, resource, n, {"value": more}, kind, ("parts",))
    sizes: dict[str, list[Row]] = {}
    for row in rows.values():
        if row["part_role"] == "breakdown":
            sizes.setdefault(row["part_of"], []).append(row)
    summed = {name for name, parts in sizes.items() if all(part["value"] for part in parts)}
    for n in places(data, resource, lambda row: row["id"] in summed and row["value"]):
        row = data.rows[resource.name][n]
        new = {"value": str(int(row["value"]) + 1)}
        kind = "a whole that is not the sum of its breakdown"
        yield edited(data, resource, n, new, kind, ("parts",))


def period_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["period_start"] and row["period_end"]):
        new = {"period_end": "1990-01-01"}
        yield edited(data, resource, n, new, "a period that ends before it begins", ("period",))
    for n in places(data, resource, lambda row: row["period_basis"]):
        new = {"period_basis": ""}
        kind = "a period that does not say where it is from"
        yield edited(data, resource, n, new, kind, ("period",))
        new = {"period_basis": "stated", "period_start": "", "period_end": ""}
        kind = "a basis without a period"
        yield edited(data, resource, n, new, kind, ("period",))


def late_faults(data: Data, resource: Resource, column: str, status: str) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row[column] and row[status] != "planned"):
        kind = "what is reported is after its document"
        yield edited(data, resource, n, {column: "2031-01-01"}, kind, ("publication",))


def past_faults(data: Data, resource: Resource, column: str, status: str) -> Iterator[Fault]:
    published = {row["source_id"]: row["published"] for row in data.rows["sources"]}

    def is_past(row: Row) -> bool:
        return bool(row[column]) and row[column][:4] < published[row["source_id"]][:4]

    for n in places(data, resource, lambda row: is_past(row) and row[status] != "planned"):
        kind = "what is planned is before its document"
        yield edited(data, resource, n, {status: "planned"}, kind, ("publication",), column=column)


def year_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: re.search(r"\b20\d\d\b", row["quote"])
                    and row["period_start"] and row["period_end"]):  # fmt: skip
        cells = {"period_start": "1991-01-01", "period_end": "1991-12-31"}
        kind = "a period that does not hold the year of its quote"
        yield edited(data, resource, n, cells, kind, ("quote-year",))


def twice_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """A row that says what another says, under its own id."""
    rows = data.rows[resource.name]
    for n in places(data, resource, lambda row: row["quote"] and row is not rows[0]):
        first = next(row for row in rows if row["quote"])
        if rows[n] is not first and rows[n]["id"] not in first.values():
            cells = {name: text for name, text in first.items() if name != "id"}
            kind = "a fact recorded twice"
            yield edited(data, resource, n, cells, kind, ("duplicate-fact",), column="")


def status_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["value"] not in ("", "0")):
        for cells, kind in (
            ({"value": ""}, "a figure without a value"),
            ({"obs_status": "not_reported"}, "a gap with a value"),
            ({"obs_status": "not_available"}, "a gap with a value"),
            ({"qualifier": "none_known"}, "none known that is not zero"),
        ):
            yield edited(data, resource, n, cells, kind, ("status",), column="value")


def derivation_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["value_basis"] == "printed"):
        kind = "a derived number without its origin"
        yield edited(
            data, resource, n, {"value_basis": "derived"}, kind, ("derivation",), column=""
        )


def origin_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["derived_from"]):
        kind = "a printed number with an origin"
        yield edited(data, resource, n, {"value_basis": "printed"}, kind, ("derivation",))


def crossed(lower: str, upper: str, rule: str, kind: str) -> Callable[..., Iterator[Fault]]:
    """A lower limit that is above the upper one, in a row that has the upper."""

    def make(data: Data, resource: Resource) -> Iterator[Fault]:
        for n in places(data, resource, lambda row: row[upper]):
            above = str(int(float(data.rows[resource.name][n][upper])) + 1)
            yield edited(data, resource, n, {lower: above}, kind, (rule,), column="")

    return make


def sanction_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["minimum"]):
        kind = "a size without a sanction or a unit"
        yield edited(data, resource, n, {"sanction": "not_stated"}, kind, ("sanction",))
        yield edited(data, resource, n, {"unit": ""}, kind, ("sanction",))
        other = next(row["unit"] for row in data.rows["units"] if row["kind"] == "count")
        kind = "a sanction that is counted in things"
        yield edited(data, resource, n, {"unit": other}, kind, ("sanction-unit",))


def movement_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["from_area"] and row["to_area"]):
        same = {"to_area": data.rows[resource.name][n]["from_area"]}
        yield edited(data, resource, n, same, "a movement that leads nowhere", ("movement",))


def country_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    wholes = {r["part_of"] for r in data.rows[resource.name] if r["part_role"] == "breakdown"}
    for n in places(data, resource, lambda row: row["countries"] and row["id"] in wholes):
        new = {"countries": str(int(data.rows[resource.name][n]["countries"]) + 1)}
        kind = "a number of countries that is not that of the breakdown"
        yield edited(data, resource, n, new, kind, ("countries",))


def reason_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["reason"] in ("restated", "context")):
        kind = "a restated number without its row"
        yield edited(data, resource, n, {"row_id": ""}, kind, ("restated",))
    for reason in ("header", "page_marker", "question", "paragraph_number"):
        for n in places(data, resource, lambda row: row["reason"] == "idiom"):
            kind = "a reason that does not fit the place"
            yield edited(data, resource, n, {"reason": reason}, kind, ("unused-numeral",))


def scope_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    for n in places(data, resource, lambda row: row["in_scope"] == "true"):
        kind = "a passage out of scope without a reason"
        cells = {"in_scope": "false"}
        yield edited(data, resource, n, cells, kind, ("scope",), column="out_of_scope_reason")
    for n in places(data, resource, lambda row: row["in_scope"] == "false"):
        kind = "a passage in scope with a reason to be out"
        cells = {"in_scope": "true"}
        yield edited(data, resource, n, cells, kind, ("scope",), column="out_of_scope_reason")


def source_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """Another document that has a passage of this name: only the id tells that it is wrong."""
    passages = {(r["source_id"], r["passage"]) for r in data.rows["passages"]}
    if not any(column.sdmx_role == "measure" for column in resource.fields):
        return
    links = data.rows["restatements"]
    linked = {row[end] for row in links for end in ("earlier", "later")}  # found there first
    for other in data.values("sources", "source_id"):

        def can_swap(row: Row, other: str = other) -> bool:
            is_there = (other, row["passage"]) in passages
            return row["source_id"] != other and is_there and row["id"] not in linked

        for n in places(data, resource, can_swap):
            kind = "the document of a figure swapped for another"
            rules = ("id-year", "publication")
            yield edited(data, resource, n, {"source_id": other}, kind, rules)


def document_faults(data: Data) -> Iterator[Fault]:
    """What is valid in itself but not what the document says; only the document can tell."""
    passages = [(row["source_id"], row["passage"]) for row in data.rows["passages"]]
    homes = {passage: [s for s, p in passages if p == passage] for _, passage in passages}
    for resource in data.package.resources.values():
        if not {"source_id", "passage", "quote"} <= set(resource.field_names):
            continue
        for n in places(data, resource, lambda row: row["quote"]):
            row = data.rows[resource.name][n]
            others = (p for s, p in passages if s == row["source_id"] and p != row["passage"])
            other = {"passage": next(others)}
            kind = "the passage of a row swapped for another"
            yield edited(data, resource, n, other, kind, ("quote-not-found",), column="")

        def others_of(row: Row) -> list[str]:  # editions of one series repeat their words
            series = row["source_id"].partition("-")[0]
            return [s for s in homes[row["passage"]] if s.partition("-")[0] != series]

        def can_swap(row: Row) -> bool:  # both documents may have a few words in common
            return len(row["quote"].split()) > 5 and bool(others_of(row))

        for n in places(data, resource, can_swap):
            other = {"source_id": others_of(data.rows[resource.name][n])[0]}
            kind = "the document of a row swapped for another"
            yield edited(data, resource, n, other, kind, ("quote-not-found",), column="")
        if "reported_by" in resource.field_names:
            n = next(i for i, row in enumerate(data.rows[resource.name]) if row["quote"])
            row = data.rows[resource.name][n]
            for body in data.values("organizations", "id")[::10]:
                if body != row["reported_by"]:
                    kind = "the reporter of a row swapped for another"
                    rules = ("not-named",)
                    yield edited(data, resource, n, {"reported_by": body}, kind, rules)
    yield from text_faults(data)


def text_faults(data: Data) -> Iterator[Fault]:
    """Rows of passages and documents that are not what the text gives."""
    passages, sources = data.package.resource("passages"), data.package.resource("sources")
    kind = "a passage that is not that of the text"
    for cells in ({"text_hash": "0" * 8}, {"words": "998"}, {"heading": "Elsewhere"}):
        yield edited(data, passages, 0, cells, kind, ("passage-differs",))
    kind = "a document that is not the text"
    cells = {"sha256": "0" * 64}
    yield edited(data, sources, 0, cells, kind, ("source-differs",), column="")


def version_faults(first: str, later: str, rule: str) -> Callable[..., Iterator[Fault]]:
    """Versions that are not in their order, or later than that of the package."""

    def make(data: Data, resource: Resource) -> Iterator[Fault]:
        place = next(n for n, row in enumerate(data.rows[resource.name]) if row[later])
        row = data.rows[resource.name][place]
        for cells in ({later: row[first]}, {later: "0.0.0"}):
            yield edited(data, resource, place, cells, "a version before an earlier one", (rule,))
        for cells in ({first: "99.0.0"}, {later: "99.0.0"}):
            yield edited(data, resource, place, cells, "a version that is still to come", (rule,))

    return make


def correction_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """Corrections of what was never there, or that say again what was taken out."""
    rows = data.rows[resource.name]
    place = next(n for n, row in enumerate(rows) if row["kind"] == "fact" and row["was"])
    about = {"table_name": "no_table"}, {"column_name": "no_column"}, {"row_key": "no-row"}
    now = {"changed_in": data.package.version}  # what is older may be about what is gone since
    for cells in ({**cells, **now} for cells in about):
        kind = "a correction of a cell that was never there"
        yield edited(data, resource, place, cells, kind, ("corrections",))
    spared = [n for n, row in enumerate(rows) if row["kind"] == "privacy"][:1]
    for place in [*spared, next(n for n, row in enumerate(rows) if row["column_name"] == "quote")]:
        kind = "a correction that repeats what had to go"
        yield edited(data, resource, place, {"was": "words"}, kind, ("corrections",))


CONTENT: list[tuple[set[str], Callable[[Data, Resource], Iterator[Fault]]]] = [
    ({"id", "part_of", "part_role", "value", "unit", "reported_by"}, part_faults),
    ({"period_start", "period_end", "period_basis"}, period_faults),
    ({"period_end", "obs_status"}, lambda d, r: late_faults(d, r, "period_end", "obs_status")),
    ({"date", "event_status"}, lambda d, r: late_faults(d, r, "date", "event_status")),
    ({"period_end", "obs_status"}, lambda d, r: past_faults(d, r, "period_end", "obs_status")),
    ({"date", "event_status"}, lambda d, r: past_faults(d, r, "date", "event_status")),
    ({"quote", "period_start", "period_end"}, year_faults),
    ({"id", "source_id", "passage", "quote"}, twice_faults),
    ({"value", "obs_status", "qualifier"}, status_faults),
    ({"value_basis"}, derivation_faults),
    ({"value_basis", "derived_from"}, origin_faults),
    ({"minimum", "maximum"}, crossed("minimum", "maximum", "bounds", "limits that are crossed")),
    ({"value", "value_max"}, crossed("value", "value_max", "bounds", "limits that are crossed")),
    ({"victim_age_over", "victim_age_under"},
     crossed("victim_age_over", "victim_age_under", "ages", "ages that are crossed")),
    ({"age_from", "age_under"}, crossed("age_from", "age_under", "ages", "ages that are crossed")),
    ({"sanction", "minimum", "maximum", "unit"}, sanction_faults),
    ({"from_area", "to_area"}, movement_faults),
    ({"countries", "part_of"}, country_faults),
    ({"reason", "row_id"}, reason_faults),
    ({"in_scope", "out_of_scope_reason"}, scope_faults),
    ({"id", "source_id", "passage"}, source_faults),
    ({"since", "retired"}, version_faults("since", "retired", "ids")),
    ({"stood_since", "changed_in"}, version_faults("stood_since", "changed_in", "corrections")),
    ({"stood_since", "changed_in", "was"}, correction_faults),
]  # fmt: skip


def id_faults(data: Data) -> Iterator[Fault]:
    """Ids that are used twice, not listed, listed for another table, or not in use any more."""
    resource = data.package.resource("ids")
    homes = [row for row in data.rows["ids"] if not row["retired"]]
    places_of = {row["id"]: place for place, row in enumerate(data.rows["ids"])}
    tables = list(dict.fromkeys(row["table"] for row in homes))
    for table in tables:
        row = next(row["id"] for row in homes if row["table"] == table)
        place = places_of[row]
        other = tables[tables.index(table) - 1]
        yield edited(
            data, resource, place, {"table": other}, "an id listed for another table", ("ids",)
        )
        rest = [listed for listed in data.rows["ids"] if listed["id"] != row]
        yield Fault(
            "an id that is not listed", "ids", "",
            lambda _, rest=rest: write_rows(resource.field_names, rest), ("foreign-key",), row,
            row, seen_in=table,
        )  # fmt: skip
        taken = next(home["id"] for home in homes if home["table"] == other)
        home = data.package.resource(table)
        fault = edited(data, home, 0, {"id": taken}, "an id of another table", ("ids",))
        yield fault
        yield retired(
            data, place, "a retired id that is in its table", seen_in=table, row=row, column="id"
        )
        yield edited(
            data,
            resource,
            place,
            {"replaced_by": taken},
            "an id in use that was replaced",
            ("ids",),
        )
    for home in data.package.resources.values():
        for key in home.foreign_keys:
            if key.resource == "ids" != home.name and key.fields != ("id",):
                (column,) = key.fields
                linked = next(row for row in data.rows[home.name] if row[column])
                place, row = places_of[linked[column]], key_of(home, linked)
                kind = "a link to a retired id"
                yield retired(data, place, kind, seen_in=home.name, row=row, column=column)


def retired(data: Data, place: int, kind: str, **seen: str) -> Fault:
    """The fault of an id that counts as retired while it is in use."""
    now = {"since": "0.0.1", "retired": data.package.version}
    fault = edited(data, data.package.resource("ids"), place, now, kind, ("ids",))
    return replace(fault, text=data.rows["ids"][place]["id"], **seen)


def file_faults(data: Data, resource: Resource) -> Iterator[Fault]:
    """What can go wrong with a file as a whole."""
    name = resource.name
    rows, columns = data.rows[name], resource.field_names
    other = next(r for r in data.package.resources.values() if r.field_names != columns)
    as_in_file = (c.encode() for row in rows for c in row.values() if '"' not in c)
    longest = max(as_in_file, key=len)

    def put(kind: str, change: Change, *rules: str, is_hidden: bool = True) -> Fault:
        return Fault(kind, name, "", change, rules, is_hidden=is_hidden)

    yield put("a byte-order mark", lambda c: b"\xef\xbb\xbf" + c, "encoding")
    yield put("CRLF line ends", lambda c: c.replace(b"\n", b"\r\n"), "line-ends")
    yield put("a blank last line", lambda c: c + b"\n", "row-length")
    if len(columns) > 1:
        empty = b"," * (len(columns) - 1) + b"\n"
        yield put("a row of empty cells", lambda c: c + empty, "row-length")
    yield put("a missing last line end", lambda c: c[:-1], "line-ends")
    yield put("a NUL", lambda c: c.replace(longest, longest + b"\x00", 1), "encoding")
    yield put("a byte that is not UTF-8", lambda c: c.replace(longest, longest + b"\xe9", 1),
              "encoding")  # fmt: skip
    yield put("an open quotation mark", lambda c: c + b'"open\n', "quoting")
    yield put("a cell too many", lambda c: c[:-1] + b",x\n", "row-length")
    yield put("a cell too few", lambda c: c[: c.rstrip(b"\n").rindex(b"\n") + 1] + b"x\n",
              "row-length", "required") if len(columns) > 1 else put(
        "a cell too few", lambda c: c + b"\n", "row-length")  # fmt: skip
    yield put("a column missing", lambda _: write_rows(columns[1:], [
        {k: row[k] for k in columns[1:]} for row in rows]), "columns")  # fmt: skip
    yield put("an extra column", lambda _: write_rows((*columns, "extra"), [
        {**row, "extra": "x"} for row in rows]), "columns")  # fmt: skip
    yield put(
        "a column renamed", lambda c: c.replace(columns[0].encode(), b"renamed", 1), "columns"
    )
    moved = (*columns[1:], columns[0])
    yield put("a column moved", lambda _: write_rows(moved, rows), "columns")
    double = (columns[0], columns[0], *columns[1:])
    yield put("a column twice", lambda _: ",".join(double).encode() + b"\n" + b"".join(
        write_rows(double, [row]).partition(b"\n")[2] for row in rows), "columns")  # fmt: skip
    yield put("an empty file", lambda _: b"", "columns")
    yield put("a table without rows", lambda _: write_rows(columns, []), "rows")
    yield put("a file cut off in a row", lambda c: c[: c.rstrip(b"\n").rindex(b"\n") + 3],
              "line-ends")  # fmt: skip
    yield put("a missing file", lambda _: None, "file")
    yield put("the file of another table", lambda _: other.path.read_bytes(), "columns")
    yield put("a wrong size", lambda c: c[: c.rstrip(b"\n").rindex(b"\n") + 1], "bytes",
              is_hidden=False)  # fmt: skip
    yield put("a wrong hash", lambda c: c[:-2] + bytes([c[-2] ^ 1]) + b"\n", "hash",
              is_hidden=False)  # fmt: skip
