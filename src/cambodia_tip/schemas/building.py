"""pandera schemas, derived from the descriptor, for the frames of several libraries.

What a column must be is read from the descriptor here, once. How a library checks it is the
work of one module for each, `for_pandas`, `for_polars` and `for_ibis`, which is imported when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

from ..errors import MissingLibraryError, check_text, unknown_name
from ..package.model import Field, Package, Resource, limit
from ..package.opening import package_or_installed
from ..package.table_names import TableName

if TYPE_CHECKING:
    import pandera.ibis
    import pandera.pandas
    import pandera.polars
    from pandera.api.checks import Check

Backend = Literal["pandas", "polars", "ibis"]
BACKENDS: tuple[Backend, ...] = get_args(Backend)
"""The libraries whose frames can be checked, by the name of their package and of the extra."""


@overload
def schema(
    table: TableName,
    *,
    coerce: bool = ...,
    backend: Literal["pandas"] = ...,
    package: Package | None = ...,
) -> pandera.pandas.DataFrameSchema: ...
@overload
def schema(
    table: TableName,
    *,
    coerce: bool = ...,
    backend: Literal["polars"],
    package: Package | None = ...,
) -> pandera.polars.DataFrameSchema: ...
@overload
def schema(
    table: TableName, *, coerce: bool = ..., backend: Literal["ibis"], package: Package | None = ...
) -> pandera.ibis.DataFrameSchema: ...
def schema(
    table: TableName,
    *,
    coerce: bool = False,
    backend: Backend = "pandas",
    package: Package | None = None,
) -> Any:
    """The pandera schema of a table.

    It checks columns and their order, dtypes, code lists, patterns, bounds,
    missing values, unique columns and the primary key, with every backend on
    all rows. `validate` also checks what crosses tables (foreign keys, ids, sums), and
    whether a partial date is in the calendar.

    Args:
        table: Name of the table.
        coerce: Whether columns are cast to the dtypes before they are
            checked. Rows from a CSV file need this, and so do frames of `load`
            that went through another library. Read rows as text, in the form
            that the tables have: ``3.0``, ``1e3`` and `` 5`` are not
            integers, and an unknown code is an error. Booleans may also be ``True``,
            ``TRUE``, ``1`` and so on, as other tools write them. An empty text counts
            as missing. Other cells are cast as the library
            casts them, with Polars and Ibis only if nothing of them is lost.
            With ``lazy=True``, what cannot be read is reported first, and
            other errors once all can.
        backend: The library of the frames: ``pandas``, ``polars`` or
            ``ibis``. The last two are extras: ``cambodia-tip[polars]`` and
            ``cambodia-tip[ibis]``.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        A schema, whose ``validate`` gives back the frame that it has
        checked. The dtypes are those of `load`, and elsewhere

        ============  ===========  ===========
        field         Polars       Ibis
        ============  ===========  ===========
        text          ``String``   ``string``
        code list     ``Enum``     ``string``
        integer       ``Int64``    ``int64``
        number        ``Float64``  ``float64``
        boolean       ``Boolean``  ``boolean``
        date          ``Date``     ``date``
        ============  ===========  ===========

        pandas: if the index has duplicate labels, errors give the
        position of a row. Polars: a ``LazyFrame`` is collected, checked and
        given back lazy. Ibis: the checks run as queries where the table is;
        DuckDB is what was tried. ``head``, ``tail`` and ``sample`` have no
        effect on an Ibis table.

    Raises:
        UnknownNameError: If there is no such table or backend.
        MissingLibraryError: If the library of the backend is not installed.

    Examples:
        >>> from cambodia_tip import load
        >>> checked = schema("penalties").validate(load("penalties"))
        >>> len(checked) == len(load("penalties"))
        True

        Rows of your own, read as text:

        >>> import io, pandas as pd
        >>> mine = io.StringIO("row_id,caveat_id\\nmy-row,my-caveat\\n")
        >>> len(schema("row_caveats", coerce=True).validate(pd.read_csv(mine, dtype=str)))
        1

        The same with Polars, and the dtypes by name:

        >>> polars_schema = schema("units", coerce=True, backend="polars")  # doctest: +SKIP
        >>> polars_schema.validate(pl.scan_csv("units.csv", infer_schema=False))  # doctest: +SKIP
        >>> {name: column.dtype.type for name, column in polars_schema.columns.items()}
        ... # doctest: +SKIP

        >>> schema("penalties", backend="polar")
        Traceback (most recent call last):
        cambodia_tip.UnknownNameError: no backend 'polar'; did you mean 'polars'?
    """
    resource = package_or_installed(package).resource(table)
    return schema_of(resource, coerce=coerce, backend=backend)


def schema_of(resource: Resource, *, coerce: bool = False, backend: Backend = "pandas") -> Any:
    """The pandera schema of a table that is described by an object."""
    library = _library(backend)
    columns = {field.name: _column(field, resource, library) for field in resource.fields}
    return library.DataFrameSchema(
        columns,
        name=resource.name,
        title=resource.title,
        description=resource.description,
        unique=list(resource.primary_key) or None,
        strict=True,
        ordered=True,
        unique_column_names=backend == "pandas",  # the others cannot have a name twice
        coerce=coerce,
    )


def _library(name: Backend) -> Any:
    check_text("backend", name)
    if name not in BACKENDS:
        raise unknown_name("backend", name, BACKENDS)
    try:
        import_module(name)
    except ModuleNotFoundError:
        raise MissingLibraryError(
            f"the {name} backend needs {name}; install it with: "
            f'python -m pip install "cambodia-tip[{name}]"'
        ) from None
    return import_module(f".for_{name}", __package__)


def _column(field: Field, resource: Resource, library: Any) -> Any:
    return library.pa.Column(
        library.dtype_of(field),
        checks=list(_checks(field, resource, library)),
        nullable=not field.required and field.name not in resource.primary_key,
        title=field.title,
        description=field.description,
        metadata={"type": field.type},
    )


def _checks(field: Field, resource: Resource, library: Any) -> Iterator[Check]:
    constraints = field.constraints
    if "enum" in constraints:
        yield library.is_in(constraints["enum"])
    if "pattern" in constraints:
        yield library.matches(constraints["pattern"])
    elif field.type == "string" and "enum" not in constraints:
        yield library.matches(".+")  # an empty text is no text, and none has a line break
    if "minimum" in constraints:
        yield library.is_at_least(limit(field, "minimum"))
    if "maximum" in constraints:
        yield library.is_at_most(limit(field, "maximum"))
    if constraints.get("unique") and resource.primary_key != (field.name,):
        # `unique` of pandera counts missing values as doubles
        yield library.pa.Check(library.is_single, name="distinct", error="unique")
