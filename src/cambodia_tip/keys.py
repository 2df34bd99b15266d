"""Check primary keys, the order of rows, and foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from .package import ForeignKey, Resource
from .report import Finding

Frames = Mapping[str, pd.DataFrame]


def row_names(resource: Resource, frame: pd.DataFrame) -> pd.Series:
    """How a finding names each row: by its key, or by its line where the key is not whole."""
    lines = pd.Series([f"line {n + 2}" for n in frame.index], index=frame.index)
    if not resource.primary_key:
        return lines
    parts = [
        frame[name].astype(object).map(str, na_action="ignore") for name in resource.primary_key
    ]
    names = parts[0]
    for part in parts[1:]:
        names = names + ", " + part
    return names.where(names.notna(), lines)


def check_primary_key(resource: Resource, frame: pd.DataFrame) -> Iterator[Finding]:
    """No key twice, and rows in the order of the key."""
    key = list(resource.primary_key)
    if not key:
        return
    double = frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)
    column = ", ".join(key)
    names = row_names(resource, frame)
    for name in names[double].unique():
        yield Finding(resource.name, name, column, "primary-key", "this key is there twice")
    ordered = frame[key].astype(object).map(str, na_action="ignore").fillna("")
    expected = ordered.sort_values(key, kind="stable")
    if not ordered.index.equals(expected.index):
        first = names[ordered.index != expected.index].iloc[0]
        message = f"rows must be sorted by {column}; cambodia-tip stamp sorts them"
        yield Finding(resource.name, first, column, "order", message)


def check_foreign_keys(resource: Resource, frames: Frames) -> Iterator[Finding]:
    """Every reference must lead to a row."""
    for key in resource.foreign_keys:
        if key.resource in frames:
            yield from _check_foreign_key(resource, key, frames)


def _check_foreign_key(resource: Resource, key: ForeignKey, frames: Frames) -> Iterator[Finding]:
    own = frames[resource.name][list(key.fields)].astype(object)
    target = frames[key.resource][list(key.reference_fields)].astype(object)
    column = ", ".join(key.fields)
    names = row_names(resource, frames[resource.name])
    whole = own.notna().all(axis=1)
    for name in names[own.notna().any(axis=1) & ~whole]:
        message = "fill all of these columns or none"
        yield Finding(resource.name, name, column, "foreign-key", message)
    if len(key.fields) == 1:
        found = own.iloc[:, 0].isin(target.iloc[:, 0].dropna())
    else:
        found = pd.Series(
            pd.MultiIndex.from_frame(own).isin(pd.MultiIndex.from_frame(target)), own.index
        )
    orphans = whole & ~found
    for name, values in zip(names[orphans], own[orphans].itertuples(index=False), strict=True):
        message = f"{', '.join(map(str, values))!r} is not in {key.resource}"
        yield Finding(resource.name, name, column, "foreign-key", message)
