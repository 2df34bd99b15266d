"""One Parquet file for each table, with the types and the descriptions in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from ..package.model import Field, Package, Resource
from .rows import columns_of

_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write ``<table>.parquet`` for each table into the folder."""
    for resource in resources:
        columns = columns_of(resource)
        arrays = [_array(columns[field.name], field) for field in resource.fields]
        fields = [
            pa.field(
                field.name,
                array.type,
                nullable=not field.required and field.name not in resource.primary_key,
                metadata={"title": field.title, "description": field.description},
            )
            for field, array in zip(resource.fields, arrays, strict=True)
        ]
        schema = pa.schema(fields, metadata=_metadata(package, resource))
        pq.write_table(
            pa.Table.from_arrays(arrays, schema=schema), target / f"{resource.name}.parquet"
        )


def _array(values: list[Any], field: Field) -> Any:
    """A column; a code list as codes into all its values, in the order of the schema."""
    if not field.categories:
        return pa.array(values, _TYPES[field.type])
    places = {code: place for place, code in enumerate(field.categories)}
    codes = pa.array([None if v is None else places[v] for v in values], pa.int32())
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(places), pa.string()))


def _metadata(package: Package, resource: Resource) -> dict[str, str]:
    descriptor = package.descriptor
    return {
        "package": descriptor["name"],
        "version": package.version,
        "license": ", ".join(one["name"] for one in descriptor["licenses"]),
        "contentHash": descriptor["contentHash"],
        "table": resource.name,
        "title": resource.title,
        "description": resource.description,
        "primaryKey": ", ".join(resource.primary_key),
    }
