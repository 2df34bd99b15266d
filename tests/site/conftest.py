"""The built site, for tests that use it as a reader would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder with the built pages; skips where it is not given."""
    folder = os.environ.get("CAMBODIA_TIP_SITE")
    if not folder:
        pytest.skip("CAMBODIA_TIP_SITE does not name a folder with the built site")
    path = Path(folder).resolve()
    assert (path / "index.html").is_file(), f"{path} holds no built site"
    return path
