"""Which pages the built site has, and which of them stand for the others."""

from __future__ import annotations

import os
from pathlib import Path


def site_folder() -> Path | None:
    """The built site, if there is one to test."""
    folder = os.environ.get("CAMBODIA_TIP_SITE")
    return Path(folder).resolve() if folder else None


MADE_FROM_TABLES = ("dictionary", "laws", "r", "sources")
"""Folders of pages that one template makes, of which some are opened in a browser."""


def pages_of(folder: Path) -> list[Path]:
    """The pages of a site."""
    return sorted(p for p in folder.rglob("*.html") if "_static" not in p.parts)


OF_THEIR_KIND = {"charts.html", "explorer.html", "index.html", "search.html"}
"""Pages that have parts which no other has."""


def of_each_folder(folder: Path) -> set[str]:
    """The pages that stand for all: of each folder the smallest, the middle and the largest."""
    sizes: dict[Path, list[tuple[int, str]]] = {}
    for page in pages_of(folder):
        name = page.relative_to(folder).as_posix()
        sizes.setdefault(page.parent, []).append((page.stat().st_size, name))
    of_folders = [sorted(pages) for pages in sizes.values()]
    return OF_THEIR_KIND.union(
        pages[place][1] for pages in of_folders for place in (0, len(pages) // 2, -1)
    )


def sample(folder: Path) -> list[str]:
    """The pages of a site by their paths, and of those that tables make some of each folder."""
    names = [page.relative_to(folder).as_posix() for page in pages_of(folder)]
    chosen = of_each_folder(folder)
    is_single = [
        Path(n).stem == "index" or n.partition("/")[0] not in MADE_FROM_TABLES for n in names
    ]
    return [n for n, single in zip(names, is_single, strict=True) if single or n in chosen]
