"""Items of CSL-JSON, written in the formats that people and reference managers read.

No library that writes all of these is light enough for an installation that only
loads tables; each format is a few lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

Item = dict[str, Any]
"""A work: variables of CSL 1.0.2 by their names, and `custom`, what the formats need besides."""

CitationFormat = Literal["text", "bibtex", "ris", "csl-json", "cff"]
FORMATS: tuple[CitationFormat, ...] = get_args(CitationFormat)
_BIBTEX_TYPES = {"dataset": "misc", "report": "techreport"}
_RIS_TYPES = {"dataset": "DATA", "report": "RPRT"}
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped ones too
    "}": r"\textbraceright{}",
}
_MESSAGE = "If you use this dataset, please cite the version that you used."


def filled(**variables: Any) -> Item:
    """Only what there is: an empty variable is none."""
    return {name: value for name, value in variables.items() if value}


def date_parts(edtf: str) -> dict[str, list[list[int]]]:
    """A date in EDTF as CSL-JSON has it."""
    return {"date-parts": [[int(part) for part in edtf.split("-")]]}


def render(dataset: Item, documents: Sequence[Item] | None, format: str) -> str:
    """Render works in one of `FORMATS`, without a final line ending.

    Args:
        dataset: The dataset.
        documents: Documents to cite in its place; ``cff``, which is about one
            dataset, lists them as its references.
        format: The format.
    """
    works = [dataset] if documents is None else documents
    if format == "csl-json":
        items = [{k: v for k, v in work.items() if k != "custom"} for work in works]
        return json.dumps(items, ensure_ascii=False, indent=2)
    if format == "cff":
        return _yaml(_cff(dataset, documents or []))
    renderers = {"text": _text, "bibtex": _bibtex, "ris": _ris}
    return "\n".join(renderers[format](work) for work in works)


def authors(work: Item) -> list[str]:
    """The names of those whose work it is."""
    return [name["literal"] for name in work["author"]]


def date_texts(work: Item) -> list[str]:
    """Year, month and day, as far as they are known."""
    return [f"{part:02}" for part in work["issued"]["date-parts"][0]]


def _text(work: Item) -> str:
    custom = work["custom"]
    year, *rest = work["issued"]["date-parts"][0]
    day = " ".join([*(_MONTHS[month - 1] for month in rest[:1]), *map(str, rest[1:])])
    date = ", ".join(filter(None, [str(year), day]))
    parts = [
        f"{', '.join(authors(work))} ({f'[{date}]' if custom.get('dateInferred') else date})",
        work["title"],
        f"{work['genre']} {work['number']}" if "number" in work else None,
        f"Version {work['version']}" if "version" in work else None,
        f"{work['genre']} {custom['name']}" if "name" in custom else None,
        custom.get("paragraphs"),
        custom.get("standing"),
    ]
    last = [work.get("URL"), f"Content hash {custom['contentHash']}" if "name" in custom else None]
    return " ".join([*(f"{part}." for part in parts if part), *filter(None, last)])


def _bibtex(work: Item) -> str:
    """An entry that the styles of BibTeX print whole, and those of biblatex too."""
    date = date_texts(work)
    is_dataset = work["type"] == "dataset"
    author = " and ".join(f"{{{_latex(name)}}}" for name in authors(work))
    package = f"{work['genre']} {work['custom'].get('name')}, version {work.get('version')}"
    fields = {
        "author": author,
        "title": f"{{{_latex(work['title'])}}}",
        "institution": None if is_dataset else author,
        "type": None if is_dataset else f"{{{_latex(work['genre'])}}}",
        "number": _latex(work.get("number", "")),
        "howpublished": _latex(package) if is_dataset else None,
        "date": "-".join(date),
        "year": date[0],
        "note": _latex(work.get("note", "")),
        "url": work.get("URL"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if len(date) > 1:  # a name of BibTeX, which each style writes its own way
        lines.insert(-1, f"  month = {_MONTHS[int(date[1]) - 1][:3].lower()}")
    return f"@{_BIBTEX_TYPES[work['type']]}{{{work['id']},\n" + ",\n".join(lines) + "\n}"


def _latex(text: str) -> str:
    """Escape what LaTeX would read as markup; other letters are UTF-8, which it reads."""
    return re.sub(r"[&%$#_{}~^\\]", lambda sign: _LATEX.get(sign[0], f"\\{sign[0]}"), text)


def _ris(work: Item) -> str:
    date = date_texts(work)
    tags = [
        ("TY", _RIS_TYPES[work["type"]]),
        ("ID", work["id"]),
        *(("AU", name) for name in authors(work)),
        ("TI", work["title"]),
        ("PY", date[0]),
        ("DA", "/".join([*date, "", ""][:3]) + "/"),
        ("M3", work["genre"]),
        ("SN", work.get("number")),
        ("ET", work.get("version")),
        *(("KW", word) for word in work["custom"].get("keywords", [])),
        ("N1", work.get("note")),
        ("UR", work.get("URL")),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value]
    return "\n".join([*lines, "ER  - "])


def _cff(dataset: Item, documents: Sequence[Item]) -> dict[str, Any]:
    """A file of the Citation File Format 1.2.0."""
    custom = dataset["custom"]
    licenses = custom["licenses"]
    content_hash = {
        "type": "other",
        "value": custom["contentHash"],
        "description": f"Content hash of the data package {custom['name']}",
    }
    file = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": dataset["title"],
        "authors": [{"name": name} for name in authors(dataset)],
        "version": dataset["version"],
        "date-released": "-".join(date_texts(dataset)),
        "license": licenses if len(licenses) > 1 else licenses[0],
        "keywords": custom["keywords"],
        "url": dataset.get("URL"),
        "identifiers": [content_hash],
        "references": [_cff_reference(document) for document in documents],
    }
    return filled(**file)


def _cff_reference(work: Item) -> dict[str, Any]:
    date = date_texts(work)
    reference = {
        "type": work["type"],
        "title": work["title"],
        "authors": [{"name": name} for name in authors(work)],
        "date-published": "-".join(date) if len(date) == 3 else None,
        "year": int(date[0]),
        "month": int(date[1]) if len(date) > 1 else None,
        "number": work.get("number"),
        "url": work.get("URL"),
        "notes": work.get("note"),
    }
    return filled(**reference)


def _yaml(value: dict[str, Any]) -> str:
    """A mapping in YAML; each text is a text of JSON, which YAML reads the same."""
    lines = []
    for name, part in value.items():
        if isinstance(part, list):
            entries = (_yaml(one) if isinstance(one, dict) else _json(one) for one in part)
            lines += [f"{name}:", *("  - " + entry.replace("\n", "\n    ") for entry in entries)]
        else:
            lines.append(f"{name}: {_json(part)}")
    return "\n".join(lines)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
