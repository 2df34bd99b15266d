"""The sites of all releases, joined into one."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

SCRIPT = Path(__file__).parents[1] / "docs" / "join_versions.py"
BASE = "https://example.org/data"
HEAD = (
    "<html><head>{head}</head><body><!-- versions -->"
    "<pre>Record.<!-- address --></pre></body></html>"
)


def load():
    spec = importlib.util.spec_from_file_location("join_versions", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pack(folder: Path, version: str, pages: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    name = f"cambodia-tip-site-{version}"
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for page, head in pages.items():
            archive.writestr(f"{name}/{page}", HEAD.format(head=head))


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    pack(tmp_path / "zips", "0.9.0", {"index.html": "", "r/old.html": ""})
    hidden = '<meta name="robots" content="noindex">'
    retired = f'{hidden}<link rel="canonical" href="new.html">'
    pages = {"index.html": "", "r/new.html": "", "r/old.html": retired, "404.html": hidden}
    pack(tmp_path / "zips", "0.10.0", pages)
    assert load().join(tmp_path / "zips", tmp_path / "site", BASE) == ["0.10.0", "0.9.0"]
    return tmp_path / "site"


def test_the_newest_version_is_the_latest(joined: Path) -> None:
    assert (joined / "latest" / "r" / "new.html").is_file()
    assert (joined / "0.9.0" / "r" / "old.html").is_file()
    assert "latest/index.html" in (joined / "index.html").read_text(encoding="utf-8")


def test_a_page_leads_to_itself_in_other_versions_or_to_their_first_page(joined: Path) -> None:
    old = (joined / "0.9.0" / "r" / "old.html").read_text(encoding="utf-8")
    assert '<a href="../../0.10.0/r/old.html">0.10.0</a>' in old
    new = (joined / "latest" / "r" / "new.html").read_text(encoding="utf-8")
    assert '<a href="../../0.9.0/index.html">0.9.0</a>' in new


def test_the_canonical_address_of_a_page_is_that_of_the_latest_version(joined: Path) -> None:
    for version in ("latest", "0.9.0", "0.10.0"):
        page = (joined / version / "index.html").read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="{BASE}/latest/index.html">' in page
    retired = (joined / "latest" / "r" / "old.html").read_text(encoding="utf-8")
    assert retired.count('rel="canonical"') == 1


@pytest.mark.parametrize(
    ("version", "cited"), [("latest", "0.10.0"), ("0.10.0", "0.10.0"), ("0.9.0", "0.9.0")]
)
def test_the_address_in_a_citation_is_that_of_a_version(
    joined: Path, version: str, cited: str
) -> None:
    page = (joined / version / "r" / "old.html").read_text(encoding="utf-8")
    assert f"<pre>Record. {BASE}/{cited}/r/old.html</pre>" in page


def test_the_sitemap_has_the_pages_of_the_latest_version_that_may_be_found(joined: Path) -> None:
    pages = [element.text for element in ElementTree.parse(joined / "sitemap.xml").iter()]
    assert {text for text in pages if text and text.startswith("http")} == {
        f"{BASE}/latest/{page}" for page in ("index.html", "r/new.html")
    }


def test_links_of_the_page_for_unknown_addresses_start_at_the_latest_version(joined: Path) -> None:
    page = (joined / "404.html").read_text(encoding="utf-8")
    assert f'<base href="{BASE}/latest/">' in page


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="has no file cambodia-tip-site-VERSION"):
        load().join(tmp_path, tmp_path / "site", BASE)
