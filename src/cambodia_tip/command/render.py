"""Frames as text for people and for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from ..package.opening import open_package
from ..reading.frames import plain, shared_frame
from ..reading.labels import rows_with_caveats

_MOST_IN_A_CELL = 60


def render(frame: pd.DataFrame, format: str, width: int) -> str:
    """Render a frame as ``csv``, ``json``, ``markdown`` or ``table``, without a final line ending.

    ``table`` is for reading: columns that are the same in all rows are said
    once below, columns that do not fit into `width` follow in further blocks
    under the first column, and long cells are cut.
    """
    if format == "json":
        rows = zip(*(plain(frame[name]) for name in frame), strict=True)
        records = [dict(zip(frame, row, strict=True)) for row in rows]
        return json.dumps(records, ensure_ascii=False, indent=2, default=str)
    texts = _texts(frame)
    if format == "csv":
        return texts.to_csv(index=False, lineterminator="\n").removesuffix("\n")
    return _markdown(texts) if format == "markdown" else _table(texts, width)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """All cells as text, as in the CSV files; missing ones empty."""
    columns = {name: list(map(_text, plain(frame[name]))) for name in frame}
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # as it is written by hand: 5, not 5.0
    return "" if cell is None else str(cell)


def _markdown(frame: pd.DataFrame) -> str:
    escaped = frame.map(lambda cell: cell.replace("|", "\\|"))
    rows = [frame.columns.to_list(), ["---"] * len(frame.columns), *escaped.to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _table(frame: pd.DataFrame, width: int) -> str:
    if frame.empty:
        return f"No rows. Columns: {', '.join(frame.columns)}."
    constant = [name for name in frame.columns if len(frame) > 1 and frame[name].nunique() == 1]
    columns = {
        name: _align([_shorten(cell) for cell in [name, *frame[name]]])
        for name in frame.columns
        if name not in constant
    }
    blocks = [
        "\n".join("  ".join(cells).rstrip() for cells in zip(*block, strict=True))
        for block in _blocks(list(columns.values()), width)
    ]
    same = [f"{name} {frame[name].iloc[0]}" for name in constant if frame[name].iloc[0]]
    if same:
        blocks.append(f"The same in all rows: {', '.join(map(_shorten, same))}.")
    if frame.map(len).to_numpy().max() > _MOST_IN_A_CELL:
        blocks.append(f"Cells are cut at {_MOST_IN_A_CELL} characters; --format csv does not cut.")
    return "\n\n".join(blocks)


def _blocks(columns: list[list[str]], width: int) -> Iterator[list[list[str]]]:
    """Group padded columns into blocks of a width, each beginning with the first column."""
    if not columns:
        return
    first, *others = columns
    block = [first]
    for column in others:
        if sum(len(c[0]) + 2 for c in block) + len(column[0]) > width and len(block) > 1:
            yield block
            block = [first]
        block.append(column)
    yield block


def _align(cells: list[str]) -> list[str]:
    """Pad to one width; numbers to the right."""
    size = max(map(len, cells))
    values = [cell for cell in cells[1:] if cell]
    right = bool(values) and all(cell.lstrip("-").replace(".", "", 1).isdigit() for cell in values)
    return [cell.rjust(size) if right else cell.ljust(size) for cell in cells]


def _shorten(cell: str) -> str:
    return cell if len(cell) <= _MOST_IN_A_CELL else cell[: _MOST_IN_A_CELL - 1] + "…"


def dictionary_text(dictionary: pd.DataFrame) -> str:
    """The frame of `dictionary` as a list to read: each column, what it is, its codes."""
    blocks = []
    for row in dictionary.to_dict("records"):
        facts = [row["type"], "key" if row["key"] else "", "required" if row["required"] else ""]
        facts += [f"refers to {row['refers_to']}" if row["refers_to"] else ""]
        lines = [f"{row['name']}  ({', '.join(filter(None, facts))})", f"    {row['description']}"]
        if row["constraints"]:
            limits = json.loads(row["constraints"]).items()
            lines.append("    " + "; ".join(f"{name}: {value}" for name, value in limits))
        codes = json.loads(row["codes"]) if row["codes"] else {}
        lines += [f"    {code}: {label}" for code, label in codes.items()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def evidence_blocks(evidence: pd.DataFrame) -> Iterator[str]:
    """Rows of the frame of `evidence` as blocks to read, each with the row itself."""
    caveats = rows_with_caveats(open_package())
    labels = {f.name: f.categories for f in open_package().resource("sources").fields}
    for row in evidence.astype(object).to_dict("records"):
        frame = shared_frame(open_package(), row["table"])
        cells = _texts(frame[frame["id"] == row["id"]]).iloc[0]
        shown = {"table": row["table"]}
        shown |= {str(name): cell for name, cell in cells.items() if cell and name != "id"}
        shown |= {name: f'"{cell}"' for name, cell in shown.items() if name.endswith("quote")}
        if pd.isna(row["quote"]):
            extent = labels["extent"][row["extent"]]
            shown["quote"] = f"none (held of the document: {extent.lower()})"
        if not pd.isna(row["heading"]):
            shown["passage"] += f" ({row['heading']})"
        shown["source_id"] += f" ({row['title']}, {row['published']})"
        shown["standing"] = f"{row['standing']} ({labels['standing'][row['standing']]})"
        shown["url"] = row["url"]
        if row["url_status"] != "opened":
            shown["url"] += f" ({labels['url_status'][row['url_status']]})"
        width = max(map(len, shown))
        lines = [row["id"], *(f"  {name:{width}}  {cell}" for name, cell in shown.items())]
        own = caveats[caveats["row_id"] == row["id"]]
        for caveat in own.itertuples():
            place = f"{caveat.caveat_id} ({caveat.kind})"
            lines.append(f"  {'caveat':{width}}  {place}: {caveat.label}. {caveat.description}")
        yield "\n".join(lines)
