"""The page of recipes is run in other tools, each of which must give what the page shows.

Its commands and its Python are run by the tests of all pages, too.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
import yaml

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS
from cambodia_tip.package.opening import open_package

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGE = (DOCS / "python" / "recipes.md").read_text(encoding="utf-8")


def blocks(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)


QUERY = r"<!-- run in: (.*?) -->\n```sql\n(.*?)```\n\n(\|.*?)(?=\n\n)"


def queries() -> list[tuple[str, str, list[list[str]]]]:
    """Each query with the tool to run it in, and the table that follows it on the page."""
    found = []
    for tools, query, table in re.findall(QUERY, PAGE + "\n\n", re.S):
        lines = [line.strip("| ").split(" | ") for line in table.splitlines()]
        found += [(tool, query, [lines[0], *lines[2:]]) for tool in tools.split(", ")]
    return found


def answer(tool: str, query: str, folder: Path) -> list[list[str]]:
    """The names and the rows that a query gives."""
    open_database: Any = sqlite3.connect if tool == "sqlite" else duckdb.connect
    connection = open_database(":memory:" if tool == "files" else folder / f"cambodia-tip.{tool}")
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    rows = [[shown(cell) for cell in row] for row in cursor.fetchall()]
    connection.close()
    return [names, *rows]


def with_answers(page: str, folder: Path) -> str:
    """The page, with the table that each query gives now."""

    def written(match: re.Match[str]) -> str:
        tools, query, table = match.groups()
        names, *rows = answer(tools.split(", ")[0], query, folder)
        lines = [f"| {' | '.join(cells)} |" for cells in (names, *rows)]
        new = "\n".join([lines[0], table.splitlines()[1], *lines[1:]])
        return match[0].replace(table, new)

    return re.sub(QUERY, written, page + "\n\n", flags=re.S).rstrip("\n") + "\n"


@pytest.fixture(scope="session")
def folder(exported: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the exports that the commands of the page make, and one that they do not."""
    folder = tmp_path_factory.mktemp("recipes")
    named = re.findall(r"^\$ cambodia-tip export (\S+) (\S+)$", PAGE, re.M)
    assert len(named) > 2
    for kind, name in [*named, ("duckdb", "cambodia-tip.duckdb")]:
        copy = shutil.copytree if exported[kind].is_dir() else shutil.copyfile
        copy(exported[kind], folder / name)
    return folder


def test_the_page_has_queries_for_each_database() -> None:
    assert len(queries()) == PAGE.count("```sql") + 2
    assert {tool for tool, *_ in queries()} == {"sqlite", "duckdb", "files"}


@pytest.mark.parametrize(("tool", "query", "expected"), queries())
def test_queries_give_what_the_page_shows(
    tool: str, query: str, expected: list[list[str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert answer(tool, query, folder) == expected


def test_the_answers_can_be_written_into_the_page(folder: Path) -> None:
    tool, query, expected = queries()[0]
    page = f"<!-- run in: {tool} -->\n```sql\n{query}```\n\n| old |\n|---|\n| 1 |\n\nText.\n"
    lines = [f"| {' | '.join(cells)} |" for cells in expected]
    table = "\n".join([lines[0], "|---|", *lines[1:]])
    assert with_answers(page, folder) == page.replace("| old |\n|---|\n| 1 |", table)


def test_the_figures_that_must_not_be_added_are_not(folder: Path) -> None:
    (query,) = [q for tool, q, _ in queries() if tool == "sqlite" and "that may overlap" in q]
    connection = sqlite3.connect(folder / "cambodia-tip.sqlite")
    rows = connection.execute(query.replace("SELECT obs_value", "SELECT id, series")).fetchall()
    connection.close()
    assert len({row[1] for row in rows}) == len(rows) > 1
    for pair in itertools.combinations([row[0] for row in rows], 2):
        with pytest.raises(tip.NotAdditiveError, match="of 2 series"):
            tip.add_up(pair)


def test_parts_of_one_breakdown_share_an_overlap_and_may_be_added() -> None:
    frame = tip.observations()
    parts = frame[frame["part_of"] == "repatriation-2018-mfaic-2017-total"]
    assert parts["has_overlap"].all()
    assert tip.add_up(parts) == 986


@pytest.mark.parametrize("text", [PAGE, (DOCS / "python" / "index.md").read_text(encoding="utf-8")])
def test_the_rule_of_overlaps_is_that_of_add_up(text: str) -> None:
    words = " ".join(text.split())
    assert "share a caveat of the kind `overlap` must" not in words
    assert "one must never be added" not in words
    assert "Never add" in words
    assert (
        "that share a caveat of the kind `overlap` and are of different series (another reporter, "
        "indicator, population, area or length of period)"
    ) in words
    assert "the parts of one breakdown" in words


def shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def test_the_page_has_a_line_for_each_format() -> None:
    page = (DOCS / "formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| (?:`cambodia-tip\[([a-z-]+)\]` )?\|$", page, re.M)
    needs = {name: name if kind.libraries else "" for name, kind in FORMATS.items()}
    assert dict(rows) == needs


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
@pytest.mark.parametrize("schemas", ["in files", "in the descriptor"])
def test_r_prints_what_the_page_shows(schemas: str, package_copy: Any) -> None:
    if schemas == "in the descriptor":  # as in a wheel
        descriptor = package_copy.descriptor()
        for entry in descriptor["resources"]:
            entry["schema"] = json.loads((package_copy.path / entry["schema"]).read_text("utf-8"))
        package_copy.write_descriptor(descriptor)
        shutil.rmtree(package_copy.path / "schemas")
    result = subprocess.run(
        ["Rscript", "--vanilla", "-e", blocks("r")[0]],
        capture_output=True,
        encoding="utf-8",
        cwd=package_copy.path.parent,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if "there is no package called" in result.stderr:
        pytest.skip("needs readr and jsonlite for R")
    assert result.stdout == blocks("text")[0], result.stderr


@pytest.mark.filterwarnings("ignore")  # of what datasette uses
def test_datasette_shows_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = pytest.importorskip("datasette.app")
    monkeypatch.chdir(folder)
    metadata = written_by_the_page("metadata.json")

    async def ask(*addresses: str) -> list[Any]:
        server = app.Datasette([str(folder / "cambodia-tip.sqlite")], metadata=metadata)
        return [await server.client.get(address) for address in addresses]

    figure = "/cambodia-tip/observations.json?_shape=array&id=repatriation-2018-mfaic-2017-malaysia"
    addresses = (figure, "/cambodia-tip", "/cambodia-tip/repatriations?_sort=id")
    with ThreadPoolExecutor(1) as thread:  # a browser of other tests may hold the loop of this one
        found, home, page = thread.submit(lambda: asyncio.run(ask(*addresses))).result()
    (row,) = found.json()
    assert (row["obs_value"], row["quote"]) == (382, "382 victims from Malaysia")
    assert (home.status_code, page.status_code) == (200, 200)
    for name in ("observations", "repatriations", "dictionary_columns"):
        assert f'href="/cambodia-tip/{name}"' in home.text
    assert "/cambodia-tip/areas/MYS" in page.text
    resource = open_package().resource("repatriations")
    for text in (resource.title, resource.field("from_area").description, "CC-BY-4.0"):
        assert html.escape(text) in page.text


def written_by_the_page(name: str) -> Any:
    """The JSON file that a block of Python writes into the current folder."""
    (block,) = [block for block in blocks("python") if f'Path("{name}")' in block]
    source = re.sub(r"^(>>>|\.\.\.) ?", "", block, flags=re.M)
    exec(source, {"tip": tip, "json": json, "Path": Path})
    return json.loads(Path(name).read_text(encoding="utf-8"))


def test_seeds_of_dbt_keep_codes_and_large_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB reads the files with these types, as dbt-duckdb has it do."""
    monkeypatch.chdir(tmp_path)
    seeds = written_by_the_page("properties.yml")["seeds"]
    types = {seed["name"]: seed["config"]["column_types"] for seed in seeds}
    assert list(types) == list(open_package().resources)
    for name, columns in types.items():
        path = open_package().resource(name).path
        duckdb.read_csv(str(path), dtype=columns).fetchall()
    path = open_package().resource("offences").path
    assert ("0203",) in duckdb.read_csv(str(path), dtype=types["offences"])["iccs"].fetchall()


def test_the_types_for_polars_fit_every_table(any_table: str) -> None:
    (block,) = [block for block in blocks("python") if "of_polars =" in block]
    code = re.sub(r"^(>>>|\.\.\.) ?|^'0203'$", "", block, flags=re.M)
    names: dict[str, Any] = {"tip": tip, "pl": polars}
    exec(code.replace("offences", any_table).replace(f'{any_table}["iccs"]', "types #"), names)
    assert names[any_table].height == len(tip.load(any_table, warn=False))


def test_the_job_finds_a_changed_table(small_copy: Any, tmp_path: Path) -> None:
    page = (DOCS / "python" / "project.md").read_text(encoding="utf-8")
    job = yaml.safe_load(blocks("yaml", page)[0])["jobs"]["validate"]
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert len(steps) == 2
    (tmp_path / "data").mkdir()
    package = tip.open_package(small_copy.path)
    archive = package.export("csv", tmp_path / "data" / "cambodia-tip.zip")

    def statuses() -> list[int]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PIP_NO_INDEX": "1"}
        runs = [
            subprocess.run(
                ["bash", "-ec", step], cwd=tmp_path, env=environment, capture_output=True
            )
            for step in steps
        ]
        return [run.returncode for run in runs]

    assert statuses() == [0, 0]
    changed = archive.with_suffix(".new")
    with zipfile.ZipFile(archive) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b",153,", b",154,"))
    changed.replace(archive)
    assert statuses() == [0, 1]
