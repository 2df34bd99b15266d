"""The tables as files that need no Python: exported when the site is built, and served with it.

``{tables-file} FORMAT`` writes an export of all tables into the folder ``files`` of the site and
gives a link to it, with its size and the SHA-256 by which a reader can tell that it arrived whole.
"""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS

FOLDER = "files"
SUFFIXES = {"csv": "zip", "sqlite": "sqlite", "xlsx": "xlsx"}
"""How the names of the files end, by the format of the export."""


class TablesFile(SphinxDirective):
    """Export the tables, and link the file."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        if kind not in SUFFIXES:
            raise self.error(f"{kind} is none of {', '.join(SUFFIXES)}")
        # a page that is kept from an earlier build would tell the size of an earlier file
        self.env.note_reread()
        file = written(kind, Path(self.env.app.outdir) / FOLDER)
        up = "../" * self.env.docname.count("/")
        return [described(file, f"{up}{FOLDER}/{file.name}")]


def written(format: str, folder: Path) -> Path:
    """Write the tables in a format, and take away what an earlier version left there."""
    file = folder / f"cambodia-tip-{tip.__version__}.{SUFFIXES[format]}"
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.glob(f"cambodia-tip-*.{SUFFIXES[format]}"):
        if other != file:
            other.unlink()
    return tip.export(format, file, force=True)


def described(file: Path, address: str) -> nodes.Node:
    """A link to a file, with its size and hash."""
    content = file.read_bytes()
    name = nodes.paragraph("", "", nodes.reference("", file.name, refuri=address))
    name += nodes.Text(f", {size(len(content))}")
    digest = nodes.paragraph("", "SHA-256 ", classes=["tip-hash"])
    digest += nodes.literal(text=hashlib.sha256(content).hexdigest())
    # what sphinx-design makes a plain div of; a container has a width of its own in the theme
    return nodes.container(
        "", name, digest, is_div=True, design_component="div", classes=["tip-file"]
    )


def size(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx.

    Raises:
        ExtensionError: If what writes the files is not installed.
    """
    for library in sorted({name for kind in SUFFIXES for name in FORMATS[kind].libraries}):
        try:
            importlib.import_module(library)
        except ImportError:
            raise ExtensionError(
                f"{library} is not installed, which writes the tables to take away: "
                'python -m pip install -e ".[docs]"'
            ) from None
    app.add_directive("tables-file", TablesFile)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
