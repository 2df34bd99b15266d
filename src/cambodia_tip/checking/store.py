"""Tables in a DuckDB database, for checks of what does not fit into memory.

Cells are text as in the files, those without meaning being blank. A query gives the lines of
rows; only the rows on these lines become a `TextTable`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ..package.model import ForeignKey, Resource
from .columns import TextTable, column_of, table_of
from .rules import Key

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
            columns = "".join(f", c{place} VARCHAR" for place in range(len(resource.fields)))
            self._run(f"CREATE TABLE {self.tables[name]} (line BIGINT{columns})")

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(query)

    def _count(self, table: str) -> int:
        return int(self._run(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def _columns(self, name: str, columns: Sequence[str]) -> list[str]:
        """What columns are called in the database."""
        places = {
            column: f"c{place}" for place, column in enumerate(self.resources[name].field_names)
        }
        return [places[column] for column in columns]

    def add(self, table: TextTable) -> None:
        """Add rows of a table."""
        name = table.resource.name
        cells = {f"c{n}": column.objects() for n, column in enumerate(table.columns.values())}
        texts = {n: pd.Series(objects, dtype=object, copy=False) for n, objects in cells.items()}
        self.connection.register("part", pd.DataFrame({"line": table.lines, **texts}, copy=False))
        self._run(f"INSERT INTO {self.tables[name]} SELECT * FROM part")
        self.connection.unregister("part")

    def rows(self, name: str, columns: Collection[str], lines: str) -> TextTable:
        """The rows on the lines that a query gives, in the order of the file."""
        return self._table(name, columns, f"WHERE line IN ({lines}) ORDER BY line")

    def _table(self, name: str, columns: Collection[str], which: str) -> TextTable:
        """The rows that the end of a query chooses."""
        listed = ", ".join(["line", *self._columns(name, list(columns))])
        query = f"SELECT {listed} FROM {self.tables[name]} {which}"
        lines, *cells = map(np.ma.asarray, self._run(query).fetchnumpy().values())
        for column in cells:
            column[np.ma.getmaskarray(column)] = None
        texts = dict(zip(columns, (column.data for column in cells), strict=True))
        return table_of(self._with(name, columns), texts, lines.data)

    def none(self, name: str, columns: Collection[str]) -> TextTable:
        """No rows of a table."""
        texts = {column: np.array([], dtype=object) for column in columns}
        return table_of(self._with(name, columns), texts, [])

    def _with(self, name: str, columns: Collection[str]) -> Resource:
        """The table, with the links that these columns make."""
        resource = self.resources[name]
        keys = (key for key in resource.foreign_keys if {*key.fields} <= {*columns})
        return replace(resource, foreign_keys=tuple(keys))

    def with_keys(
        self, name: str, key: Sequence[str], keys: Collection[Key], columns: Collection[str]
    ) -> TextTable:
        """The rows with one of these keys, or with one of these names if `key` is empty."""
        if not keys:
            return self.none(name, columns)
        parts = zip(*keys, strict=True) if len(key) > 1 else [keys]
        wanted = {f"k{n}": pd.Series([*part], dtype=object) for n, part in enumerate(parts)}
        self.connection.register("wanted", pd.DataFrame(wanted))
        own = self._columns(name, key) or [self._name(name)]
        same = " AND ".join(f"{column} = {part}" for column, part in zip(own, wanted, strict=True))
        found = self._table(name, columns, f"SEMI JOIN wanted ON {same} ORDER BY line")
        self.connection.unregister("wanted")
        return found

    def _name(self, name: str) -> str:
        """What a finding calls a row; see `TextTable.names`."""
        parts = self._columns(name, self.resources[name].primary_key)
        whole = f"concat_ws(', ', {', '.join(parts)})"
        return f"CASE WHEN {_filled(parts)} THEN {whole} ELSE 'line ' || line END"

    def keys(self, name: str, columns: Sequence[str], most: int) -> TextTable:
        """So many of the distinct keys of a table, as a table of these columns."""
        own = self._columns(name, columns)
        first = f"SELECT min(line) FROM {self.tables[name]} WHERE {_filled(own)}"
        return self.rows(name, columns, f"{first} GROUP BY {', '.join(own)} LIMIT {most}")

    def first_words(self, name: str, column: str) -> frozenset[str]:
        """What the keys of a table have before their first hyphen."""
        if (name, column) not in self.words:
            (own,) = self._columns(name, [column])
            words = f"SELECT DISTINCT split_part({own}, '-', 1) FROM {self.tables[name]}"
            found = self._run(f"{words} WHERE {own} IS NOT NULL").fetchall()
            self.words[name, column] = frozenset(word for (word,) in found)
        return self.words[name, column]

    def doubled(self, name: str, keys: Sequence[Sequence[str]]) -> str:
        """A query for the lines of rows that share one of these keys with another row."""
        table, queries = self.tables[name], []
        for own in (self._columns(name, key) for key in keys):
            listed = ", ".join(own)
            double = (
                f"SELECT {listed} FROM {table} WHERE {_filled(own)} "
                f"GROUP BY {listed} HAVING count(*) > 1"
            )
            same = " AND ".join(f"o.{column} = d.{column}" for column in own)
            queries.append(f"SELECT line FROM {table} o SEMI JOIN ({double}) d ON {same}")
        return " UNION ".join(queries)

    def dangling(self, name: str, key: ForeignKey) -> str:
        """A query for the lines of rows that have a part of a key, or a dangling key."""
        own, theirs = (
            self._columns(name, key.fields),
            self._columns(key.resource, key.reference_fields),
        )
        table, filled = self.tables[name], _filled(own)
        some = " OR ".join(f"{column} IS NOT NULL" for column in own)
        same = " AND ".join(f"o.{a} = t.{b}" for a, b in zip(own, theirs, strict=True))
        return (
            f"SELECT line FROM {table} WHERE ({some}) AND NOT ({filled}) UNION ALL "
            f"SELECT line FROM (SELECT * FROM {table} WHERE {filled}) o "
            f"ANTI JOIN {self.tables[key.resource]} t ON {same}"
        )

    def alike(self, name: str, columns: Sequence[str], most: int) -> Iterator[str]:
        """Queries for the lines of rows that are equal in these columns, empty cells too.

        Rows that are alike come together; each query gives about so many rows.
        """
        hashed = f"hash({', '.join(self._columns(name, columns))}) AS h"
        self._run(
            "CREATE OR REPLACE TEMP TABLE alike AS "
            f"WITH hashed AS (SELECT line, {hashed} FROM {self.tables[name]}) "
            "SELECT * FROM hashed WHERE h IN "
            "(SELECT h FROM hashed GROUP BY h HAVING count(*) > 1)"
        )
        number = -(-self._count("alike") // most)
        for part in range(number):
            yield f"SELECT line FROM alike WHERE h % {number} = {part}"

    def on_circles(self, name: str, key: str, link: str) -> str:
        """A query for the lines of rows whose links may lead back to them.

        Each round doubles the steps. What is reached after more steps than there are links is on
        a circle, or at the end of a path as long.
        """
        own, linked = self._columns(name, [key, link])
        table, rounds = self.tables[name], 0
        self._run(
            "CREATE OR REPLACE TEMP TABLE jumps0 AS "
            f"SELECT {own} AS a, arg_max({linked}, line) AS b FROM {table} "
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
        return f"SELECT line FROM {table} WHERE {own} IN (SELECT b FROM jumps{rounds})"


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
    new = ~np.isin(second.lines, first.lines)
    if not new.any():
        return first
    lines = np.concatenate([first.lines, second.lines[new]])
    order = np.argsort(lines)
    columns = {
        name: column_of(
            np.concatenate([column.objects(), second.columns[name].objects()[new]])[order]
        )
        for name, column in first.columns.items()
    }
    return TextTable(first.resource, columns, lines[order])


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
