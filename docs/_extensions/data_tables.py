"""Tables and counts in pages of prose, rendered from the data so that they cannot drift."""

from __future__ import annotations
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    return {"parallel_read_safe": True, "parallel_write_safe": True}
