"""What the tables are, as tables: the descriptor for those who have only the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..package.model import ForeignKey, Package, Resource
from .figures_table import Figures

Part = tuple[tuple[str, ...], tuple[str, ...], list[tuple[Any, ...]]]
"""Columns, key and rows of a table that is not of the package."""

OTHER_TYPES = {"position": "integer", "enforced": "boolean"}
"""The types of the columns of these tables that are no text."""


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
    licenses = package.descriptor["licenses"]
    values = {
        **package.descriptor,
        "license": ", ".join(f"{one['name']} ({one['path']})" for one in licenses),
    }
    names = "name title description version created license contentHash".split()
    return [(name, str(values[name])) for name in names]


def dictionary_of(
    package: Package,
    resources: Sequence[Resource],
    figures: Figures | None,
    is_enforced: Callable[[Resource, Rule], bool],
) -> dict[str, Part]:
    """The tables of the dictionary by name, for these tables and that of their figures."""
    tables: list[Resource | Figures] = [*resources, *([figures] if figures else [])]
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
