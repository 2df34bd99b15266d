"""Check the properties of a descriptor against `profile.json`, an extension of Data Package 2.0.

The standard allows properties that it does not define, and so does this. Two kinds are errors
because they would silently switch a check off: a misspelled name, and a property of the standard
that cambodia-tip does not support. The profile has ``false`` for the latter.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ..errors import DataPackageError, nearest

Owner = Literal[
    "package", "resource", "schema", "field", "constraints", "category", "foreignKey", "reference"
]
Form = Any
"""A JSON Schema in the few keywords that the profile uses."""

Test = Callable[[Any], bool]

_LIKENESS = 0.75
"""How similar an unknown name must be to a known one to count as misspelled."""


@cache
def _forms() -> dict[str, Form]:
    profile = json.loads(files(__package__).joinpath("profile.json").read_bytes())
    return {"package": profile, **profile["definitions"]}


def check_properties(given: Mapping[str, Any], owner: Owner, where: str) -> None:
    """Check that an object has the properties that it must have, in the right form.

    Raises:
        DataPackageError: If a property is missing, misspelled, not supported or of another form.

    Examples:
        >>> check_properties({"value": "a", "label": "A", "idPrefix": "made-up-"}, "category", "")
        >>> check_properties({"value": "a", "lable": "A"}, "category", "unit")
        Traceback (most recent call last):
        cambodia_tip.DataPackageError: unit: unknown property 'lable'; did you mean 'label'?
    """
    form = _forms()[owner]
    known, tests = form["properties"], _tests(owner)
    for name, value in given.items():
        if name in tests and tests[name](value):
            continue
        if name in known:
            check_property(owner, name, value, where)
        elif hint := nearest(name, known, _LIKENESS):
            raise DataPackageError(f"{where}: unknown property {name!r}; did you mean {hint!r}?")
        elif not form.get("additionalProperties", True):
            raise DataPackageError(f"{where}: unknown property {name!r}")
    for name in form.get("required", ()):
        if name not in given:
            raise DataPackageError(f"{where} has no {name!r}; it must be {_words(known[name])}")


def check_property(owner: Owner, name: str, value: object, where: str) -> None:
    """Check the form of one property.

    Raises:
        DataPackageError: If it is not supported or of another form.
    """
    form = _forms()[owner]["properties"][name]
    if form is False:
        raise DataPackageError(f"{where}: cambodia-tip does not support the property {name!r}")
    if not _tests(owner)[name](value):
        raise DataPackageError(f"{where}: {name!r} must be {_words(form)}, not {value!r:.80}")


@cache
def _tests(owner: Owner) -> dict[str, Test]:
    """For each property, what is true of a value in the right form."""
    return {name: _test(form) for name, form in _forms()[owner]["properties"].items() if form}


def _test(form: Form) -> Test:
    if "$ref" in form:
        target = _forms()[form["$ref"].rpartition("/")[2]]
        if target.get("type") == "object":  # checked where it is read, which says where it is
            return lambda value: isinstance(value, dict)
        return _test(target)
    if "anyOf" in form:
        tests = [_test(one) for one in form["anyOf"]]
        return lambda value: any(test(value) for test in tests)
    if "const" in form or "enum" in form:
        allowed = form.get("enum", [form.get("const")])
        return lambda value: any(value == one and type(value) is type(one) for one in allowed)
    if form["type"] == "string":  # JSON Schema has no line ending after $, as Python has
        search = re.compile(re.sub(r"\$$", r"\\Z", form.get("pattern", ""))).search
        return lambda value: isinstance(value, str) and search(value) is not None
    if form["type"] == "array":
        least, is_right = form.get("minItems", 0), _test(form["items"])
        return lambda value: (
            isinstance(value, list) and len(value) >= least and all(map(is_right, value))
        )
    if form["type"] == "object":
        parts = {name: _test(part) for name, part in form["properties"].items()}
        needed, is_open = set(form.get("required", ())), form.get("additionalProperties", True)
        return lambda value: (
            isinstance(value, dict)
            and needed <= set(value)
            and (is_open or set(value) <= set(parts))
            and all(parts[name](value[name]) for name in parts if name in value)
        )
    if form["type"] == "boolean":
        return lambda value: isinstance(value, bool)
    types = (int,) if form["type"] == "integer" else (int, float)
    lowest = form.get("minimum", -math.inf)
    return lambda value: (
        isinstance(value, types) and not isinstance(value, bool) and bool(value >= lowest)
    )


def _words(form: Form) -> str:
    """In words, what a value must be."""
    if "$ref" in form:
        return _words(_forms()[form["$ref"].rpartition("/")[2]])
    if "anyOf" in form:
        return " or ".join(map(_words, form["anyOf"]))
    if "const" in form or "enum" in form:
        return " or ".join(map(repr, form.get("enum", [form.get("const")])))
    if form["type"] == "string" and "examples" in form:
        return f"text such as {form['examples'][0]!r}"
    if form["type"] == "array":
        return f"a list, not empty, of {_words(form['items'])}"
    if form["type"] == "object":
        parts = form.get("required", [])
        return f"an object with {' and '.join(parts)}" if parts else "an object"
    return {
        "string": "text, not empty",
        "boolean": "true or false",
        "integer": "an integer",
        "number": "a number",
    }[form["type"]]
