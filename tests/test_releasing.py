"""What a release rests on beside the code: its workflows, and what an archive is told of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from cambodia_tip.package.opening import open_package

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]


def test_there_are_workflows_for_tests_and_for_a_release() -> None:
    assert [workflow.name for workflow in WORKFLOWS] == ["release.yml", "tests.yml"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_each_action_is_pinned_by_its_commit_and_names_its_version(workflow: Path) -> None:
    lines = re.findall(r"uses: *(.*)", workflow.read_text(encoding="utf-8"))
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert lines
    assert [line for line in lines if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_may_more_than_it_needs_and_none_has_a_secret(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert yaml.safe_load(text)["permissions"] == {}
    may = {name: job["permissions"] for name, job in jobs(workflow).items()}
    writing = {
        "publish": {"id-token": "write", "attestations": "write"},
        "release": {"contents": "write"},
        "join": {"contents": "read", "pages": "read"},
        "serve": {"pages": "write", "id-token": "write"},
    }
    for name, rights in may.items():
        assert rights == writing.get(name, {"contents": "read"}), name


def test_what_is_published_was_built_and_tested_by_a_job_that_cannot_publish() -> None:
    release = jobs(ROOT / ".github" / "workflows" / "release.yml")
    assert release["publish"]["needs"] == ["build", "site"]
    assert not [step for step in release["publish"]["steps"] if "run" in step]
    assert [release[name]["needs"] for name in ("release", "join", "serve")] == [
        "publish",
        "release",
        "join",
    ]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_whoever_runs_the_tests_has_the_history_that_they_compare_with(workflow: Path) -> None:
    for name, job in jobs(workflow).items():
        if any("pytest" in step.get("run", "") for step in job["steps"]):
            (checkout,) = (s for s in job["steps"] if "actions/checkout" in s.get("uses", ""))
            assert checkout["with"]["fetch-depth"] == 0, name


def test_each_python_that_the_project_names_is_tested_on_each_system() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    matrix = jobs(ROOT / ".github" / "workflows" / "tests.yml")["tests"]["strategy"]["matrix"]
    assert matrix["python"] == named
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]


def test_an_archive_is_told_what_the_descriptor_says() -> None:
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    descriptor = open_package().descriptor
    for name in ("title", "description", "keywords"):
        assert archive[name] == descriptor[name]
    assert archive["creators"] == [{"name": one["title"]} for one in descriptor["contributors"]]
    assert [archive["license"]] == [one["name"].lower() for one in descriptor["licenses"]]
    assert "version" not in archive  # the archive takes it from the tag


def test_the_hook_of_pre_commit_checks_the_folder_datapackage() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *command = [*hook["entry"].split(), *hook["args"]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert program in project["scripts"]
    assert not hook["pass_filenames"]  # the package is one thing, whichever of its files changed
    arguments = [sys.executable, "-m", "cambodia_tip", *command]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("datapackage ")
    guide = (ROOT / "docs" / "python" / "project.md").read_text(encoding="utf-8")
    assert f"`{hook['id']}`" in guide
