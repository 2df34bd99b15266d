"""The chart of the README: ``python docs/charts/readme.py`` draws it anew."""

from __future__ import annotations

from pathlib import Path

import drawing
import repatriations

FILE = Path(__file__).parents[1] / "images" / "repatriations-2017.svg"


def svg() -> str:
    """The repatriations on a background of their own, for pages of any colour."""
    chart = repatriations.chart(740).properties(padding=12)
    return drawing.svg(chart, width=764, background="white")


if __name__ == "__main__":
    FILE.write_text(svg(), encoding="utf-8")
