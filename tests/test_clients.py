"""The page of clients names what is installed here, in versions that are not older by a major."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w-]+)` \| (\S+) \| .* \| (tests|once) \|$", PAGE, re.M)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORTED_AS = {"ibis-framework": "ibis"}


def major(number: str) -> tuple[int, ...]:
    """What changes with an incompatible version: the first number that is not zero, and before."""
    numbers = [int(part) for part in re.findall(r"[0-9]+", number)]
    return tuple(numbers[: 1 if numbers[0] else 2])


def test_rows_are_read() -> None:
    assert len(ROWS) == len(re.findall(r"^\| `", PAGE, re.M)) > 15


@pytest.mark.parametrize(("name", "named", "when"), ROWS)
def test_a_client_is_not_newer_than_the_page(name: str, named: str, when: str) -> None:
    try:
        installed = version(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    assert major(installed) <= major(named), "try it again, and name the new version"


@pytest.mark.parametrize("name", [name for name, _, when in ROWS if when == "tests"])
def test_a_client_of_the_tests_is_in_the_tests(name: str) -> None:
    word = IMPORTED_AS.get(name, name)
    files = [file for file in ROOT.glob("tests/**/*.py") if file != Path(__file__)]
    assert any(re.search(rf"\b{word}\b", file.read_text(encoding="utf-8")) for file in files)
    asked = " ".join([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    assert re.search(rf"(^| ){word}\b", asked) or name in asked


def test_the_extra_all_has_every_extra_of_users() -> None:
    extras = PROJECT["optional-dependencies"]
    named = re.fullmatch(r"cambodia-tip\[(.+)\]", "".join(extras["all"]))
    assert named
    assert set(named[1].split(",")) == extras.keys() - {"all", "dev", "docs"}
