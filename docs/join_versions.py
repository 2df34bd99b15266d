"""Join the sites of all releases into one: ``latest/``, a folder for each version, and a switcher.

``python docs/join_versions.py ZIPS TARGET BASE`` reads the files ``cambodia-tip-site-VERSION.zip``
in a folder and writes what is to be served at the address ``BASE``. A site in a zip knows no
address and works from a folder. What needs one is added here: the canonical address of each page,
which is that of the latest version, links between versions, the page for unknown addresses, and
the sitemap (https://www.sitemaps.org/protocol.html).
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from packaging.version import Version

LATEST = "latest"
PREFIX = "cambodia-tip-site-"
SWITCHER = "<!-- versions -->"
"""Where a page has room for links to its other versions."""
ADDRESS = "<!-- address -->"
"""Where a page is cited with its address, which is that of its version: it does not change."""

REDIRECT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>cambodia-tip</title>
<meta http-equiv="refresh" content="0; url=latest/index.html">
<a href="latest/index.html">cambodia-tip, latest version</a>
"""


def join(zips: Path, target: Path, base: str) -> list[str]:
    """Write the joined site into a folder that is not there yet.

    Returns:
        The versions, newest first.

    Raises:
        FileExistsError: If the target is there.
        FileNotFoundError: If the folder has no site.
    """
    archives = {file.stem.removeprefix(PREFIX): file for file in zips.glob(f"{PREFIX}*.zip")}
    versions = sorted(archives, key=Version, reverse=True)
    if not versions:
        raise FileNotFoundError(f"{zips} has no file {PREFIX}VERSION.zip")
    target.mkdir(parents=True)
    for version in versions:
        with zipfile.ZipFile(archives[version]) as archive:
            archive.extractall(target)
        (target / archives[version].stem).rename(target / version)
    shutil.copytree(target / versions[0], target / LATEST)
    folders = [LATEST, *versions]
    pages = {name: _pages(target / name) for name in folders}
    for name in folders:
        for page in pages[name]:
            _connect(target, name, page, pages, base, versions[0] if name == LATEST else name)
    addresses = "\n".join(
        f"<url><loc>{escape(_address(base, page))}</loc></url>"
        for page in sorted(pages[LATEST])
        if not _is_hidden(target / LATEST / page)
    )
    (target / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{addresses}\n</urlset>\n',
        encoding="utf-8",
    )
    (target / "index.html").write_text(REDIRECT, encoding="utf-8")
    unknown = target / LATEST / "404.html"
    if unknown.is_file():  # it is shown at any address, so its links need one to start from
        text = unknown.read_text(encoding="utf-8")
        start = f'<head>\n<base href="{escape(base)}/{LATEST}/">'
        (target / "404.html").write_text(text.replace("<head>", start, 1), encoding="utf-8")
    return versions


def _pages(site: Path) -> set[str]:
    return {file.relative_to(site).as_posix() for file in site.rglob("*.html")}


def _address(base: str, page: str) -> str:
    return f"{base}/{LATEST}/{quote(page)}"


def _is_hidden(page: Path) -> bool:
    """Whether a page asks search engines to leave it out."""
    return 'content="noindex"' in page.read_text(encoding="utf-8")


def _connect(
    target: Path, name: str, page: str, pages: Mapping[str, set[str]], base: str, version: str
) -> None:
    """Add to a page its canonical address, that to cite, and links to its other versions."""
    file = target / name / page
    text = file.read_text(encoding="utf-8")
    if page in pages[LATEST] and 'rel="canonical"' not in text:
        link = f'<link rel="canonical" href="{escape(_address(base, page))}">'
        text = text.replace("</head>", f"{link}\n</head>", 1)
    up = "../" * (page.count("/") + 1)
    items = "".join(
        f'<li><a href="{up}{other}/{quote(page) if page in has else "index.html"}">{other}</a></li>'
        for other, has in pages.items()
        if other != name
    )
    switcher = f"<details><summary>Version: {name}</summary><ul>{items}</ul></details>"
    text = text.replace(ADDRESS, f" {escape(base)}/{version}/{quote(page)}")
    file.write_text(text.replace(SWITCHER, switcher, 1), encoding="utf-8")


if __name__ == "__main__":
    folder, site, address = sys.argv[1:]
    print(*join(Path(folder), Path(site), address.rstrip("/")), sep="\n")
