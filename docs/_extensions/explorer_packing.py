"""The records in few bytes: the page loads all of them before it shows the first."""

from __future__ import annotations

from typing import Any


def packed(data: dict[str, Any]) -> dict[str, object]:
    """The same data with each text once, and records as lists in the order of ``columns``.

    Texts and ids repeat so often that the file is little more than half as large this way. In a
    record a whole number in one of the columns ``pooled`` is the position of a text in ``texts``.
    """
    pool: dict[str, int] = {}

    def put(text: str) -> int:
        return pool.setdefault(text, len(pool))

    records, facets = data["records"], data["facets"]
    columns = list(dict.fromkeys(name for record in records for name in record))
    pooled = [
        name for name in columns if all(isinstance(record.get(name, ""), str) for record in records)
    ]
    rows = []
    for record in records:
        row = {name: put(cell) if name in pooled else cell for name, cell in record.items()}
        row["cells"] = [[title, put(text)] for title, text in record["cells"]]
        row["facets"] = [[put(code) for code in record["facets"].get(n, [])] for n in facets]
        rows.append([row.get(name) for name in columns])
    return {
        **data,
        "records": rows,
        "columns": columns,
        "pooled": pooled,
        "texts": list(pool),
    }
