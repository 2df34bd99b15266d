"""The example project works with the data as they are here; `.ci/run` tries it with the wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cambodia_tip as tip

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "returns-from-abroad"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, [EXAMPLE / "src", Path(tip.__file__).parents[1]]))
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=EXAMPLE,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "PYTEST_ADDOPTS": ""},
        timeout=300,
    )


def test_its_own_tests_pass() -> None:
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_writes_is_a_data_package(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = tmp_path / "written"
    done = run("-c", "import returns_from_abroad as r; r.main()", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"\n{tip.open_package(folder).cite()}\n")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_it_asks_for_this_version() -> None:
    """A release writes its number into the example too."""
    text = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = tomllib.loads(text)["project"]["dependencies"]
    major, minor, _ = tip.__version__.split(".")
    assert f"cambodia-tip~={major}.{minor}" in dependencies
    assert f"`cambodia-tip~={major}.{minor}`" in (EXAMPLE / "README.md").read_text("utf-8")


def test_its_readme_has_the_commands_of_its_workflow() -> None:
    workflow = (EXAMPLE / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    commands = "\n".join(re.findall(r"^ *- run: (.*)$", workflow, re.M))
    assert f"```\n{commands}\n```" in (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_no_other_package_of_the_name_can_be_installed() -> None:
    """The wheel is there before a dependency asks an index for it by name."""
    workflow = (EXAMPLE / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    wheel, project, *_ = re.findall(r"pip install (.*)$", workflow, re.M)
    alone = "--no-index --no-deps --find-links wheels cambodia-tip"
    assert (wheel, project) == (alone, '-e ".[dev]"')


def test_it_is_short() -> None:
    lines = [file.read_text("utf-8").splitlines() for file in (EXAMPLE / "src").rglob("*.py")]
    assert sum(map(len, lines)) < 80


def test_pages_pin_actions_as_the_workflows_do() -> None:
    pinned = re.compile(r"uses: (\S+@\S+(?: # \S+)?)$", re.M)
    workflows = [*ROOT.glob(".github/workflows/*.yml"), EXAMPLE / ".github/workflows/check.yml"]
    known = {use for file in workflows for use in pinned.findall(file.read_text("utf-8"))}
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("docs/python/*.md")]
    used = {use for file in pages for use in pinned.findall(file.read_text("utf-8"))}
    assert used
    assert used <= known
