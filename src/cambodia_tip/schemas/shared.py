"""What the schemas of all libraries share: what text must be to be read, and broken keys."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from pandera.config import get_config_context

from ..package.model import BOOLEANS, FORMS

Schema = TypeVar("Schema", bound=Any)


class ReadsText:
    """What a schema does before pandera, whose schema is to be the next base of its class."""

    frames: tuple[type, ...]
    expected: str
    """What `frames` are, in words."""

    def validate(
        self,
        check_obj: Any,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> Any:
        """Validate a frame; see `validate` of the schemas of pandera."""
        if not isinstance(check_obj, self.frames):
            raise TypeError(f"expected a {self.expected}, got {type(check_obj)}")
        if not get_config_context().validation_enabled:
            return check_obj

        def check(frame: Any) -> Any:
            pandera: Any = super(ReadsText, without_broken_key(self, frame.columns))
            return pandera.validate(frame, head, tail, sample, random_state, lazy, inplace)

        return self.checked(check_obj, check, lazy, inplace)

    def checked(self, given: Any, check: Callable[[Any], Any], lazy: bool, inplace: bool) -> Any:
        """Do what a library needs before and after pandera checks a frame."""
        raise NotImplementedError


def columns_to_cast(schema: Any, dtypes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a schema with a dtype that is not the one they have in a frame, by name."""
    columns = {name: schema.columns[name] for name in dtypes if name in schema.columns}
    return {n: c for n, c in columns.items() if c.dtype and dtypes[n] != c.dtype.type}


def field_type(column: Any) -> str:
    """The type of the field that a column was made of; ``string`` for one that a user added."""
    return str((column.metadata or {}).get("type", "string"))


def form(column: Any) -> str:
    """The pattern that text must match as a whole to be read for a column."""
    if field_type(column) == "boolean":
        return "|".join(BOOLEANS)
    return FORMS[field_type(column)][1] if field_type(column) in FORMS else "(?s:.*)"


def whole(pattern: str) -> str:
    """A pattern of a whole text, for libraries that search."""
    return f"^(?:{pattern})$"


def wanted(column: Any, codes: Collection[str] = ()) -> str:
    """In words, what a cell must be to be read for a column, whose codes these are."""
    if field_type(column) in FORMS:
        return f"must be {FORMS[field_type(column)][0]}"
    return f"must be one of: {', '.join(codes)}" if codes else "must be text"


def without_broken_key(schema: Schema, columns: Iterable[str]) -> Schema:
    """The schema, without its key where a column of that is missing.

    pandera would look for doubles in what is left of the key, and fail or find
    too many. That the column is missing is found all the same.
    """
    if schema.unique and not set(schema.unique) <= set(columns):
        schema = copy.deepcopy(schema)
        schema.unique = None
    return schema
