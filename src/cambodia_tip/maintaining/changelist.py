"""The changes between two versions, in words and as data, and whether the bump is sufficient."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..errors import DataPackageError, printable, shown
from ..parsing.versions import version_numbers

if TYPE_CHECKING:
    import pandas as pd

BUMPS = ("", "PATCH", "MINOR", "MAJOR")
"""From none to the greatest."""
_MOST_IN_A_CELL = 60
_MOST_IN_HTML = 10
_SHOWN_BEFORE = 12
_SPECIAL, _ESCAPED = re.compile(r"([\\`*_<|\[\]])"), r"\\\1"
"""What Markdown would read as more than text, and how it is written instead."""


@dataclass(frozen=True)
class Change:
    """One difference between two versions.

    Attributes:
        table: The table; empty if the change is about the package as a whole.
        column: The column; empty for a table, a row and the properties of a table.
        what: ``table``, ``column``, ``order of columns``, ``row``, ``cell``, ``code``,
            ``label`` (of a code), ``list of codes``, ``order of codes``, ``constraint``,
            ``link``, or the property of the descriptor, as ``type`` or
            ``description``.
        item: The key of the row, the code, or the name of the constraint.
        kind: ``added``, ``removed`` or ``changed``.
        old: What was there, as text; empty if nothing was.
        new: What is there now; of an id that is gone, what the table ``ids`` says of it.
        bump: The version bump that it requires: ``PATCH``, ``MINOR`` or ``MAJOR``.
    """

    __module__ = "cambodia_tip"

    table: str
    column: str
    what: str
    item: str
    kind: str
    old: str
    new: str
    bump: str

    def __str__(self) -> str:
        return f"{printable(self.table) or 'package'}: {self.text()}"

    def text(self) -> str:
        """The change without its table, on one line; long texts are cut to where they differ."""
        if self.what == "cell":
            place = f"cell {self.column} of {self.item}"
        elif self.what in ("column", "table"):
            place = f"{self.what} {self.column}".strip()
        elif self.item and self.what not in ("code", "constraint", "link", "row"):
            place = f"{self.what} of {self.item} in {self.column}"
        else:
            place = f"{self.what} {self.item}".strip()
            place += f" of {self.column}" if self.column else ""
        text = f"{printable(place)} {self.kind}"
        if self.kind == "changed":
            old, new = _cut(self.old, self.new)
            return f"{text}: {old} -> {new}"
        value = self.new or self.old
        return f"{text}: {_cut(value, '')[0]}" if value else text


@dataclass(frozen=True, repr=False)
class Changes:
    """What changed from one version to another.

    Attributes:
        changes: Each change, by table.
        old: The version of the old side.
        new: The version of the new side.

    Examples:
        >>> nothing = Changes((), "1.0.0", "1.0.0")
        >>> len(nothing), nothing.required_bump, nothing.sufficient
        (0, '', True)
    """

    __module__ = "cambodia_tip"

    changes: tuple[Change, ...]
    old: str
    new: str

    def __bool__(self) -> bool:
        raise TypeError("changes have no truth value; use len(changes) or changes.sufficient")

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        return f"<Changes {self.verdict()}>"

    def _repr_html_(self) -> str:
        table = self.to_frame().head(_MOST_IN_HTML).to_html(index=False)
        more = len(self) - _MOST_IN_HTML
        verdict = html.escape(self.verdict())
        return f"{table}<p>{f'{more} more. ' if more > 0 else ''}{verdict}</p>"

    @property
    def required_bump(self) -> str:
        """The greatest version bump that a change requires; empty if nothing changed."""
        return max((change.bump for change in self.changes), key=BUMPS.index, default="")

    @property
    def actual_bump(self) -> str:
        """The bump from the old version to the new one; empty if it stayed or went back."""
        old, new = _numbers(self.old), _numbers(self.new)
        if new <= old:
            return ""
        place = next(place for place in range(3) if new[place] != old[place])
        return ("MAJOR", "MINOR", "PATCH")[place]

    @property
    def sufficient(self) -> bool:
        """Whether the actual bump is the required one, or a greater one.

        Before 1.0.0 a MINOR bump is sufficient for what requires a MAJOR one, as in
        semantic versioning.
        """
        needed = self.required_bump
        if needed == "MAJOR" and _numbers(self.old)[0] == 0:
            needed = "MINOR"
        return BUMPS.index(self.actual_bump) >= BUMPS.index(needed)

    def to_frame(self) -> pd.DataFrame:
        """The changes as text columns: table, column, what, item, kind, old, new, bump."""
        import pandas as pd

        columns = list(Change.__dataclass_fields__)
        return pd.DataFrame(list(self.changes), columns=columns, dtype="str")

    def to_json(self) -> str:
        """Everything for machines: versions, bumps, and each change with whole texts."""
        import json

        names = ("old", "new", "required_bump", "actual_bump", "sufficient")
        found = {name: getattr(self, name) for name in names}
        found["changes"] = [asdict(change) for change in self.changes]
        return json.dumps(found, ensure_ascii=False, indent=2)

    def lines(self, most: int = 10) -> Iterator[str]:
        """The changes in lines, by table; of each kind at most `most` are spelled out."""
        for table, texts in self._by_table(most).items():
            yield table
            yield from (f"  {text}" for text in texts)
        yield self.verdict()

    def to_markdown(self, most: int = 10) -> str:
        """The same as a list in Markdown, to begin the Data part of a changelog from."""
        lines = []
        for table, texts in self._by_table(most).items():
            lines.append(f"- `{table}`")
            lines += (f"  - {_SPECIAL.sub(_ESCAPED, text)}" for text in texts)
        return "\n".join(lines)

    def verdict(self) -> str:
        """In one line, the required bump and whether the actual one is sufficient."""
        versions = f"{self.old} -> {self.new}"
        if not self.changes:
            return f"{versions}: nothing changed"
        one = len(self) == 1
        number = f"{len(self)} change{'' if one else 's'}"
        made = f"is a {self.actual_bump} bump" if self.actual_bump else "is no bump"
        if _numbers(self.new) < _numbers(self.old):
            made = "goes back"
        elif not self.sufficient:
            made += ", too small"
        elif BUMPS.index(self.actual_bump) < BUMPS.index(self.required_bump):
            made += ", sufficient before 1.0.0"
        return (
            f"{number} require{'s' if one else ''} a {self.required_bump} bump; {versions} {made}"
        )

    def _by_table(self, most: int) -> dict[str, list[str]]:
        kinds: dict[tuple[str, str, str, str], list[Change]] = defaultdict(list)
        for change in self.changes:
            column = "" if change.what == "column" else change.column
            kinds[change.table, column, change.what, change.kind].append(change)
        tables: dict[str, list[str]] = defaultdict(list)
        for (table, column, what, kind), group in kinds.items():
            texts = tables[printable(table) or "package"]
            texts += [change.text() for change in group[:most]]
            if len(group) > most:
                of = f" of {column}" if column else ""
                texts.append(printable(f"{len(group) - most} more: {what}{of} {kind}"))
        return tables


def _numbers(version: str) -> tuple[int, int, int]:
    try:
        return version_numbers(version)
    except ValueError:
        message = f"the version {shown(version)} of a data package is not like 1.2.3"
        raise DataPackageError(message) from None


def _cut(old: str, new: str) -> tuple[str, str]:
    """Two texts on a line each, without what is long and the same before they differ."""
    old, new = printable(old), printable(new)
    start = 0
    if max(len(old), len(new)) > _MOST_IN_A_CELL and new:
        pairs = enumerate(zip(old, new, strict=False))
        differ = next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
        start = max(0, differ - _SHOWN_BEFORE)

    def part(text: str) -> str:
        end = start + _MOST_IN_A_CELL
        return f"{'…' * (start > 0)}{text[start:end]}{'…' * (len(text) > end)}" or "(empty)"

    return part(old), part(new)
