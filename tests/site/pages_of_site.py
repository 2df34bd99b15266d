"""Which pages the built site has, and which of them stand for the others."""

from __future__ import annotations

import os
from pathlib import Path


def site_folder() -> Path | None:
    """The built site, if there is one to test."""
    folder = os.environ.get("CAMBODIA_TIP_SITE")
    return Path(folder).resolve() if folder else None


MADE_FROM_TABLES = ("dictionary", "laws", "r", "sources")
"""Folders of pages that one template makes."""


def pages_of(folder: Path) -> list[Path]:
    """The pages of a site."""
    return sorted(p for p in folder.rglob("*.html") if "_static" not in p.parts)


def sample(folder: Path) -> list[str]:
    """The pages of a site by their paths, and of those of one template the extremes.

    They are the smallest, the middle and the largest, and the first page of the folder.
    """
    chosen, of_template = [], {}
    for page in pages_of(folder):
        name = page.relative_to(folder).as_posix()
        top = name.partition("/")[0]
        if top in MADE_FROM_TABLES and page.stem != "index":
            of_template.setdefault(top, []).append((page.stat().st_size, name))
        else:
            chosen.append(name)
    for sizes in of_template.values():
        sizes.sort()
        chosen += {sizes[place][1]: None for place in (0, len(sizes) // 2, -1)}
    return sorted(chosen)
