"""What the tables are, as tables: the descriptor for those who have only the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..package.model import Field, ForeignKey, Package, Resource

NUMBERS = frozenset({"position"})
TRUTHS = frozenset({"enforced", "is_latest"})
"""The columns of tables that are not of the package that are no text."""

Part = tuple[tuple[str, ...], tuple[str, ...], list[tuple[Any, ...]]]
"""Columns, key and rows of a table that is not of the package."""


@dataclass(frozen=True)
class Described:
    """What a column is, of a table or of a view."""

    name: str
    title: str
    type: str
    description: str
    example: str = ""

    @classmethod
    def of(cls, field: Field, name: str | None = None) -> Described:
        """What the schema says, under the name of the field or another one."""
        called = name or field.name
        return cls(called, field.title, field.type, field.description, field.example)


@dataclass(frozen=True)
class DescribedTable:
    """What a table or a view is, and what its columns are."""

    name: str
    title: str
    description: str
    fields: tuple[Described, ...]


@dataclass(frozen=True)
class Rule:
    """One thing that a schema asks: of which columns, what, and with which value."""

    columns: tuple[str, ...]
    name: str
    value: str


def rules_of(resource: Resource) -> list[Rule]:
    """What the schema of a table asks, in the names of the Table Schema standard.

    Examples:
        >>> from cambodia_tip.package.opening import open_package
        >>> rules = rules_of(open_package().resource("row_caveats"))
        >>> [(rule.columns, rule.name, rule.value) for rule in rules[:2]]
        [(('row_id', 'caveat_id'), 'primaryKey', ''), (('row_id',), 'foreignKey', 'ids (id)')]
    """
    rules = [Rule(resource.primary_key, "primaryKey", "")]
    rules += [Rule(key.fields, "foreignKey", shown_key(key)) for key in resource.foreign_keys]
    for field in resource.fields:
        for name, value in field.constraints.items():
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            shown = shown.lower() if isinstance(value, bool) else shown
            rules.append(Rule((field.name,), name, shown))
    return rules


def shown_key(key: ForeignKey) -> str:
    """The table and the columns that a foreign key refers to."""
    return f"{key.resource} ({', '.join(key.reference_fields)})"


def about(package: Package) -> list[tuple[str, str]]:
    """What the descriptor says of the package as a whole: names and values."""
    descriptor = package.descriptor
    return [
        *((name, str(descriptor[name])) for name in ("name", "title", "description", "version")),
        ("created", str(descriptor["created"])),
        ("license", ", ".join(f"{one['name']} ({one['path']})" for one in descriptor["licenses"])),
        ("contentHash", str(descriptor["contentHash"])),
    ]


def dictionary_of(
    package: Package,
    resources: Sequence[Resource],
    others: Sequence[DescribedTable],
    is_enforced: Callable[[Resource, Rule], bool],
) -> dict[str, Part]:
    """The tables of the dictionary by name; it also describes what is no table of the package."""
    tables = [
        DescribedTable(r.name, r.title, r.description, tuple(map(Described.of, r.fields)))
        for r in resources
    ]
    tables += others
    return {
        "dictionary_package": (("name", "value"), ("name",), [*about(package)]),
        "dictionary_tables": (
            ("table_name", "title", "description"),
            ("table_name",),
            [(table.name, table.title, table.description) for table in tables],
        ),
        "dictionary_columns": (
            ("table_name", "position", "column_name", "title", "type", "description", "example"),
            ("table_name", "column_name"),
            [
                (table.name, position, f.name, f.title, f.type, f.description, f.example)
                for table in tables
                for position, f in enumerate(table.fields, 1)
            ],
        ),
        "dictionary_codes": (
            ("table_name", "column_name", "position", "code", "label"),
            ("table_name", "column_name", "code"),
            [
                (resource.name, field.name, position, code, label)
                for resource in resources
                for field in resource.fields
                for position, (code, label) in enumerate(field.categories.items(), 1)
            ],
        ),
        "dictionary_rules": (
            ("table_name", "column_names", "rule", "value", "enforced"),
            ("table_name", "column_names", "rule", "value"),
            [
                (r.name, ", ".join(rule.columns), rule.name, rule.value, is_enforced(r, rule))
                for r in resources
                for rule in rules_of(r)
            ],
        ),
    }
