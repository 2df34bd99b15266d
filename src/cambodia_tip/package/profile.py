"""What a descriptor and a schema may say: their properties and the form of each.

A property that is misspelt, missing or of another form would silently switch
a check off, so that all of them are named here. They are those of Data Package
2.0 (https://datapackage.org) that this package uses, and its own seven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import DataPackageError, nearest
from ..parsing.versions import FORM

Form = tuple[Callable[[Any], bool], str]
"""Whether a value is right, and in words what would be."""

FIELD_TYPES = ("string", "integer", "number", "boolean", "date")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _one_of(*values: object) -> Form:
    return lambda value: value in values, " or ".join(map(repr, values))


def _like(pattern: str, words: str) -> Form:
    found = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(found.fullmatch(value)), words


def _list_of(form: Form) -> Form:
    is_right, words = form
    return (
        lambda value: isinstance(value, list) and bool(value) and all(map(is_right, value)),
        f"a list, not empty, of {words}",
    )


def _object_of(*names: str) -> Form:
    return (
        lambda value: isinstance(value, dict) and all(_is_text(value.get(n)) for n in names),
        f"an object with {' and '.join(names)}",
    )


_TEXT: Form = (_is_text, "text, not empty")
_OBJECT: Form = (lambda value: isinstance(value, dict), "an object")
_FLAG: Form = (lambda value: isinstance(value, bool), "true or false")
_TEXTS = _list_of(_TEXT)
_NAMES: Form = (
    lambda value: _is_text(value) or _TEXTS[0](value),
    "a name or a list of names, not empty",
)
_ROLES: Form = (
    lambda value: _object_of("title")[0](value) and _TEXTS[0](value.get("roles", ["author"])),
    "objects with a title, and roles as a list",
)
_LIMIT: Form = (lambda value: _is_number(value) or _is_text(value), "a number or a day as text")
_HASH = _like(r"sha256:[0-9a-f]{64}", "sha256: and 64 hexadecimal digits")

_VERSION = _like(FORM, "a version such as 1.2.0")

Profile = Mapping[str, tuple[bool, Form]]
"""Properties with their form, and whether they must be there."""

PACKAGE: Profile = {
    "$schema": (True, _one_of("https://datapackage.org/profiles/2.0/datapackage.json")),
    "name": (True, _like(r"[a-z0-9][a-z0-9._-]*", "small letters, digits, dots and hyphens")),
    "title": (True, _TEXT),
    "description": (True, _TEXT),
    "version": (True, _VERSION),
    "created": (True, _like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a time as 2026-01-31T00:00:00Z")),
    "keywords": (True, _TEXTS),
    "licenses": (True, _list_of(_object_of("name", "title", "path"))),
    "contributors": (True, _list_of(_ROLES)),
    "contentHash": (True, _HASH),
    "resources": (True, _list_of(_OBJECT)),
    "id": (False, _TEXT),
    "homepage": (False, _TEXT),
    "image": (False, _TEXT),
    "sources": (False, _list_of(_object_of("title"))),
}
RESOURCE: Profile = {
    "name": (True, _like(r"[a-z0-9][a-z0-9._-]*", "small letters, digits, _, . and -")),
    "type": (True, _one_of("table")),
    "title": (True, _TEXT),
    "description": (True, _TEXT),
    "path": (True, _TEXT),
    "format": (True, _one_of("csv")),
    "mediatype": (True, _one_of("text/csv")),
    "encoding": (True, _one_of("utf-8")),
    "bytes": (True, (lambda value: type(value) is int and value >= 0, "a number of bytes")),
    "hash": (True, _HASH),
    "schema": (True, (lambda v: _is_text(v) or isinstance(v, dict), "a path or an object")),
}
SCHEMA: Profile = {
    "$schema": (True, _one_of("https://datapackage.org/profiles/2.0/tableschema.json")),
    "fields": (True, _list_of(_OBJECT)),
    "missingValues": (True, _one_of([""])),
    "primaryKey": (True, _NAMES),
    "foreignKeys": (False, _list_of(_OBJECT)),
    "labelField": (False, _TEXT),
}
FIELD: Profile = {
    "name": (True, _like(r"[a-z][a-z0-9_]*", "small letters, digits and _")),
    "type": (True, _one_of(*FIELD_TYPES)),
    "title": (True, _TEXT),
    "description": (True, _TEXT),
    "example": (True, (lambda v: isinstance(v, (bool, int, float)) or _is_text(v), "a value")),
    "format": (False, _one_of("uri")),
    "categories": (False, _list_of(_object_of("value", "label"))),
    "constraints": (False, _OBJECT),
    "trueValues": (False, _one_of(["true"])),
    "falseValues": (False, _one_of(["false"])),
    "printedIn": (False, _TEXT),
    "edtf": (False, _FLAG),
    "sdmxConcept": (False, _like(r"[A-Z][A-Z_]*", "capital letters and _")),
    "sdmxRole": (False, _one_of("dimension", "attribute", "measure")),
}
CONSTRAINTS: Profile = {
    "required": (False, _FLAG),
    "unique": (False, _FLAG),
    "enum": (False, _TEXTS),
    "pattern": (False, _TEXT),
    "minimum": (False, _LIMIT),
    "maximum": (False, _LIMIT),
}
CATEGORY: Profile = {
    "value": (True, _TEXT),
    "label": (True, _TEXT),
    "printedAs": (False, _TEXTS),
}
FOREIGN_KEY: Profile = {"fields": (True, _NAMES), "reference": (True, _OBJECT)}
REFERENCE: Profile = {
    "resource": (False, (lambda value: isinstance(value, str), "the name of a table")),
    "fields": (True, _NAMES),
}


def check_properties(given: Mapping[str, Any], profile: Profile, where: str) -> None:
    """Check that an object has the properties of a profile, and no others.

    Raises:
        DataPackageError: If a property is missing, unknown or of another form.
    """
    for name, (is_needed, (is_right, words)) in profile.items():
        if name in given:
            if not is_right(given[name]):
                raise DataPackageError(
                    f"{where}: {name!r} must be {words}, not {given[name]!r:.80}"
                )
        elif is_needed:
            raise DataPackageError(f"{where} has no {name!r}; it must be {words}")
    for name in given:
        if name not in profile:
            hint = nearest(name, profile)
            raise DataPackageError(
                f"{where}: {name!r} is no property that this package knows"
                + (f"; did you mean {hint!r}?" if hint else "")
            )
