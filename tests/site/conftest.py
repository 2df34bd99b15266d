"""What the tests of the built site share: its folder, a server for it, and a browser.

``CAMBODIA_TIP_SITE`` names the folder that Sphinx wrote. Without it these tests are skipped, since
a site is not built for every run of the others.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

sys.path.insert(0, str(Path(__file__).parent))

from pages_of_site import sample, site_folder

DOCS = Path(__file__).parents[2] / "docs"
BASE = "a/base/path"
"""Where the server has the site: not at its top."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page_name" in metafunc.fixturenames:
        folder = site_folder()
        metafunc.parametrize("page_name", sample(folder) if folder else [])


@pytest.fixture(scope="session")
def site() -> Path:
    folder = site_folder()
    if folder is None:
        pytest.skip("CAMBODIA_TIP_SITE does not name a built site")
    return folder


@pytest.fixture(scope="session")
def server(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site on a server that has it under a base path."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    top = tmp_path_factory.mktemp("server")
    shutil.copytree(site, top / BASE)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=top)) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/{BASE}/"
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system, without whatever it does of itself.

    Its headless shell has no windows, and takes two thirds of the time.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    names = ("chromium-headless-shell", "chromium")
    path = os.environ.get("CAMBODIA_TIP_BROWSER")
    path = path or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail(f"install {' or '.join(names)}, or name a Chromium in CAMBODIA_TIP_BROWSER")
    options = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    options += ["--disable-background-networking", "--disable-component-update"]
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=options, chromium_sandbox=False
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Callable[..., Page]]:
    """Opens the explorer; in the end nothing was asked of elsewhere and no error was logged."""
    contexts, wrong = [], []

    def visit(address: str = "", base: str | None = None, **options: object) -> Page:
        base = base or site.as_uri() + "/"
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)

        def refuse(route: Route) -> None:
            wrong.append(f"asked for {route.request.url}")
            route.abort()

        context.route(re.compile(rf"^(?!{re.escape(base)}|data:|blob:)"), refuse)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                wrong.append(f"console: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.goto(base + "explorer.html" + address)
        page.locator("#explorer-list").wait_for(state="visible")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which checks the accessibility of a page."""
    place = os.environ.get("CAMBODIA_TIP_AXE")
    path = Path(place) if place else DOCS / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.fail(f"no {path.name}: run npm ci in docs, or name it in CAMBODIA_TIP_AXE")
    return path.read_text(encoding="utf-8")
