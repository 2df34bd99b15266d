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
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        timeout=300,
    )


def test_its_own_tests_pass() -> None:
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_writes_is_a_data_package(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = tmp_path / "written"
    command = f"import sys; sys.argv[1:] = [{str(folder)!r}]; import returns_from_abroad as r"
    done = run("-c", f"{command}; r.main()")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith(tip.cite())
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_it_asks_for_this_version() -> None:
    """A release writes its number into the example too."""
    text = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = tomllib.loads(text)["project"]["dependencies"]
    major, minor, _ = tip.__version__.split(".")
    assert f"cambodia-tip~={major}.{minor}.0" in dependencies
    assert f"`cambodia-tip~={major}.{minor}.0`" in (EXAMPLE / "README.md").read_text("utf-8")


def test_its_readme_has_the_commands_of_its_workflow() -> None:
    workflow = (EXAMPLE / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    commands = "\n".join(re.findall(r"^ *- run: (.*)$", workflow, re.M))
    assert f"```\n{commands}\n```" in (EXAMPLE / "README.md").read_text(encoding="utf-8")
