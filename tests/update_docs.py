"""Write what README, docs and CITATION.cff print of the data, after the data have changed.

``python tests/update_docs.py`` runs every command, example and query of the pages and puts what it
prints into them, and draws the chart of the README. Read the difference before you keep it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import cambodia_tip as tip
import test_docs
import test_exports_recipes as recipes

ROOT = Path(__file__).parents[1]


def main() -> None:
    (ROOT / "CITATION.cff").write_text(f"{tip.cite(format='cff')}\n", encoding="utf-8")
    test_docs.write_pages(test_docs.PAGES)
    subprocess.run([sys.executable, ROOT / "docs" / "charts" / "readme.py"], check=True)
    page = ROOT / "docs" / "python" / "recipes.md"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for kind in ("sqlite", "duckdb"):
            tip.export(kind, folder / f"cambodia-tip.{kind}")
        text = page.read_text(encoding="utf-8")
        page.write_text(recipes.with_answers(text, folder), encoding="utf-8")


if __name__ == "__main__":
    main()
