"""Tables in a DuckDB database, for checks of what does not fit into memory.

Cells are text as in the files, those without meaning being blank. A query gives the lines of
rows; only the rows on these lines become a `TextTable`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ..package.model import ForeignKey, Resource
from .columns import TextTable, column_of, table_of
from .keys import Key

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,  # a main thread that waits for others does not see Ctrl-C
    "memory_limit": "500MB",  # what needs more goes to the disk
    "preserve_insertion_order": False,
    "pandas_analyze_sample": 0,  # columns of objects are text
}


class Store:
    """The rows of tables; each is added once, and then asked for by its lines."""

    def __init__(self, folder: Path, resources: Mapping[str, Resource]) -> None:
        self.resources = resources
        self.words: dict[tuple[str, str], frozenset[str]] = {}
        config = {**_CONFIG, "temp_directory": str(folder / "spilled")}
        self.connection = duckdb.connect(str(folder / "tables.duckdb"), config=config)
        self.tables = {name: f"t{place}" for place, name in enumerate(resources)}
        for name, resource in resources.items():
            columns = ", ".join(f"{column} VARCHAR" for column in _sql(resource.field_names))
            self._run(f"CREATE TABLE {self.tables[name]} (_line BIGINT, {columns})")

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(query)

    def _count(self, table: str) -> int:
        return int(self._run(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def add(self, table: TextTable) -> None:
        """Add rows of a table."""
        cells = {name: column.objects() for name, column in table.columns.items()}
        texts = {n: pd.Series(objects, dtype=object, copy=False) for n, objects in cells.items()}
        self.connection.register("part", pd.DataFrame({"_line": table.lines, **texts}, copy=False))
        self._run(f"INSERT INTO {self.tables[table.resource.name]} SELECT * FROM part")
        self.connection.unregister("part")

    def rows(self, name: str, columns: Collection[str], lines: str) -> TextTable:
        """The rows on the lines that a query gives, in the order of the file."""
        return self._table(name, columns, f"WHERE _line IN ({lines}) ORDER BY _line")

    def _table(self, name: str, columns: Collection[str], which: str) -> TextTable:
        """The rows that the end of a query chooses."""
        listed = ", ".join(["_line", *_sql(columns)])
        query = f"SELECT {listed} FROM {self.tables[name]} {which}"
        lines, *cells = map(np.ma.asarray, self._run(query).fetchnumpy().values())
        for column in cells:
            column[np.ma.getmaskarray(column)] = None
        texts = dict(zip(columns, (column.data for column in cells), strict=True))
        resource = self.resources[name]  # with the links that these columns make
        keys = (key for key in resource.foreign_keys if {*key.fields} <= {*columns})
        return table_of(replace(resource, foreign_keys=tuple(keys)), texts, lines.data)

    def none(self, name: str, columns: Collection[str]) -> TextTable:
        """No rows of a table."""
        return self._table(name, columns, "LIMIT 0")

    def with_keys(
        self, name: str, key: Sequence[str], keys: Collection[Key], columns: Collection[str]
    ) -> TextTable:
        """The rows with one of these keys, or with one of these names if `key` is empty."""
        if not keys:
            return self.none(name, columns)
        parts = zip(*keys, strict=True) if len(key) > 1 else [keys]
        wanted = {f"_k{n}": pd.Series([*part], dtype=object) for n, part in enumerate(parts)}
        self.connection.register("wanted", pd.DataFrame(wanted))
        own = _sql(key) or [self._name(name)]
        same = " AND ".join(f"{column} = {part}" for column, part in zip(own, wanted, strict=True))
        found = self._table(name, columns, f"SEMI JOIN wanted ON {same} ORDER BY _line")
        self.connection.unregister("wanted")
        return found

    def _name(self, name: str) -> str:
        """What a finding calls a row; see `TextTable.names`."""
        parts = _sql(self.resources[name].primary_key)
        whole = f"concat_ws(', ', {', '.join(parts)})"
        return f"CASE WHEN {_filled(parts)} THEN {whole} ELSE 'line ' || _line END"

    def keys(self, name: str, columns: Sequence[str], most: int) -> TextTable:
        """So many of the distinct keys of a table, as a table of these columns."""
        own = _sql(columns)
        first = f"SELECT min(_line) FROM {self.tables[name]} WHERE {_filled(own)}"
        return self.rows(name, columns, f"{first} GROUP BY {', '.join(own)} LIMIT {most}")

    def first_words(self, name: str, column: str) -> frozenset[str]:
        """What the keys of a table have before their first hyphen."""
        if (name, column) not in self.words:
            (own,) = _sql([column])
            words = f"SELECT DISTINCT split_part({own}, '-', 1) FROM {self.tables[name]}"
            found = self._run(f"{words} WHERE {own} IS NOT NULL").fetchall()
            self.words[name, column] = frozenset(word for (word,) in found)
        return self.words[name, column]

    def doubled(self, name: str, keys: Sequence[Sequence[str]]) -> str:
        """A query for the lines of rows that share one of these keys with another row."""
        table, queries = self.tables[name], []
        for own in map(_sql, keys):
            listed = ", ".join(own)
            double = (
                f"SELECT {listed} FROM {table} WHERE {_filled(own)} "
                f"GROUP BY {listed} HAVING count(*) > 1"
            )
            same = " AND ".join(f"o.{column} = d.{column}" for column in own)
            queries.append(f"SELECT _line FROM {table} o SEMI JOIN ({double}) d ON {same}")
        return " UNION ".join(queries)

    def dangling(self, name: str, key: ForeignKey) -> str:
        """A query for the lines of rows that have a part of a key, or a dangling key."""
        own, theirs = _sql(key.fields), _sql(key.reference_fields)
        table, filled = self.tables[name], _filled(own)
        some = " OR ".join(f"{column} IS NOT NULL" for column in own)
        same = " AND ".join(f"o.{a} = t.{b}" for a, b in zip(own, theirs, strict=True))
        return (
            f"SELECT _line FROM {table} WHERE ({some}) AND NOT ({filled}) UNION ALL "
            f"SELECT _line FROM (SELECT * FROM {table} WHERE {filled}) o "
            f"ANTI JOIN {self.tables[key.resource]} t ON {same}"
        )

    def alike(self, name: str, columns: Sequence[str], most: int) -> Iterator[str]:
        """Queries for the lines of rows that are equal in these columns, empty cells too.

        Rows that are alike come together; each query gives about so many rows.
        """
        hashed = f"hash({', '.join(_sql(columns))}) AS h"
        self._run(
            "CREATE OR REPLACE TEMP TABLE alike AS "
            f"WITH hashed AS (SELECT _line, {hashed} FROM {self.tables[name]}) "
            "SELECT * FROM hashed WHERE h IN "
            "(SELECT h FROM hashed GROUP BY h HAVING count(*) > 1)"
        )
        number = -(-self._count("alike") // most)
        for part in range(number):
            yield f"SELECT _line FROM alike WHERE h % {number} = {part}"

    def on_circles(self, name: str, key: str, link: str) -> str:
        """A query for the lines of rows whose links may lead back to them.

        Each round doubles the steps. What is reached after more steps than there are links is on
        a circle, or at the end of a path as long.
        """
        own, linked = _sql([key, link])
        table, rounds = self.tables[name], 0
        self._run(
            "CREATE OR REPLACE TEMP TABLE jumps0 AS "
            f"SELECT {own} AS a, arg_max({linked}, _line) AS b FROM {table} "
            f"WHERE {_filled([own, linked])} GROUP BY {own}"
        )
        links = left = self._count("jumps0")
        while left and 2**rounds <= links:
            self._run(
                f"CREATE OR REPLACE TEMP TABLE jumps{rounds + 1} AS SELECT x.a, y.b "
                f"FROM jumps{rounds} x JOIN jumps{rounds} y ON x.b = y.a"
            )
            self._run(f"DROP TABLE jumps{rounds}")
            rounds += 1
            left = self._count(f"jumps{rounds}")
        return f"SELECT _line FROM {table} WHERE {own} IN (SELECT b FROM jumps{rounds})"


def _sql(columns: Iterable[str]) -> list[str]:
    """The names of columns, which have no quotes."""
    return [f'"{column}"' for column in columns]


def _filled(columns: Sequence[str]) -> str:
    return " AND ".join(f"{column} IS NOT NULL" for column in columns)


def only(table: TextTable, names: Collection[str]) -> TextTable:
    """Some columns of a table."""
    return replace(table, columns={name: table.columns[name] for name in names})


def last(table: TextTable) -> TextTable:
    """The last row of a table."""
    cells = {name: column.objects()[-1:] for name, column in table.columns.items()}
    return table_of(table.resource, cells, table.lines[-1:])


def joined(first: TextTable | None, second: TextTable) -> TextTable:
    """The rows of both, each once, in the order of the file."""
    if first is None or not len(first):
        return second
    lines, rows = np.unique(np.concatenate([first.lines, second.lines]), return_index=True)
    columns = {}
    for name, column in first.columns.items():
        cells = np.concatenate([column.objects(), second.columns[name].objects()])
        columns[name] = column_of(cells[rows])
    return TextTable(first.resource, columns, lines)


@contextmanager
def store_in(folder: Path, resources: Mapping[str, Resource]) -> Iterator[Store]:
    """A store in an empty folder, closed at the end.

    Raises:
        OSError: If DuckDB cannot read or write.
        KeyboardInterrupt: If it is interrupted while DuckDB is at work.
    """
    try:
        store = Store(folder, resources)
        try:
            yield store
        finally:
            store.connection.close()
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        text = " ".join(str(error).replace(os.fspath(folder), "the temporary folder").split())
        raise OSError(f"DuckDB failed: {text}") from None
    except RuntimeError as error:  # how DuckDB passes on a signal
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None
