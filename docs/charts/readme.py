"""The chart of the README: ``python docs/charts/readme.py`` draws it again."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parents[1]
sys.path[:0] = [str(DOCS / "_extensions"), str(DOCS / "charts")]

import charts  # noqa: E402

FILE = DOCS / "images" / "repatriations-2017.svg"


def svg() -> str:
    """The repatriations on a background of their own, for pages of any color."""
    return charts.file_of("repatriations")


if __name__ == "__main__":
    FILE.write_text(svg(), encoding="utf-8")
