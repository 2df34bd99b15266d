"""A name that a version changed works for one MAJOR version more, with a warning; on a copy."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.errors
import pytest

import cambodia_tip as tip
from cambodia_tip.command.cli import main
from cambodia_tip.package import opening as package
from cambodia_tip.package.former_names import wrong_former_names
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading import frames

if TYPE_CHECKING:
    from conftest import PackageCopy

pytestmark = pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")  # of Ibis

ROOT = Path(__file__).parents[1]
MAJOR = int(tip.__version__.split(".")[0])
BEFORE = f"{MAJOR}.0.0" if MAJOR else "0.3.0"
"""A version that could rename, and whose former names still work."""
NEXT, GONE = (f"{max(MAJOR, 1) + step}.0.0" for step in (1, 2))
TABLE = (
    f"the table 'agreement_parties' is called 'agreement_members' since {NEXT}; "
    f"the former name is gone in {GONE}"
)
COLUMN = (
    f"the column of units 'definition' is called 'meaning' since {NEXT}; "
    f"the former name is gone in {GONE}"
)
QUIETLY = "; load('units', former_names=False) leaves it out"


def former(name: str, version: str = NEXT) -> list[dict[str, str]]:
    return [{"name": name, "renamedIn": version}]


def edit_table(copy: PackageCopy, table: str, **changes: object) -> None:
    descriptor = copy.descriptor()
    next(r for r in descriptor["resources"] if r["name"] == table).update(changes)
    copy.write_descriptor(descriptor)


def rename_column(copy: PackageCopy, table: str, old: str, new: str) -> None:
    first, rest = copy.file(table).read_bytes().split(b"\n", 1)
    header = [new if name == old else name for name in first.decode().split(",")]
    copy.file(table).write_bytes(",".join(header).encode() + b"\n" + rest)
    copy.edit_field(table, old, name=new, formerNames=former(old))


def set_version(copy: PackageCopy, version: str) -> None:
    copy.write_descriptor({**copy.descriptor(), "version": version})
    copy.refresh()


@pytest.fixture
def renamed(package_copy: PackageCopy) -> PackageCopy:
    """The next MAJOR version, made up: a table, a column and one of a link are renamed."""
    rename_column(package_copy, "units", "definition", "meaning")
    rename_column(package_copy, "organization_members", "member", "part")

    def refer(schema: dict) -> None:
        schema["primaryKey"] = ["organization", "part"]
        next(k for k in schema["foreignKeys"] if k["fields"] == ["member"])["fields"] = ["part"]

    package_copy.edit_schema("organization_members", refer)
    edit_table(
        package_copy,
        "agreement_parties",
        name="agreement_members",
        path="data/agreement_members.csv",
        formerNames=former("agreement_parties"),
    )
    package_copy.file("agreement_parties").rename(package_copy.file("agreement_members"))
    set_version(package_copy, NEXT)
    return package_copy


@pytest.fixture
def installed(renamed: PackageCopy, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageCopy]:
    """The same as the package that is installed."""
    found = open_package(renamed.path)
    caches = (frames.shared_frame, frames._warn_of_overlaps)
    with monkeypatch.context() as patch:
        patch.setattr(package, "_installed_package", lambda: found)
        for function in caches:
            function.cache_clear()
        yield renamed
    for function in caches:
        function.cache_clear()


def told(call: Callable[[], Any]) -> tuple[Any, list[warnings.WarningMessage]]:
    """What a call gives, and its warnings of former names."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [w for w in caught if issubclass(w.category, tip.FormerNameWarning)]


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert left.value.code == 0, err
    return out, err


def test_no_table_that_is_released_has_a_former_name_and_nothing_warns() -> None:
    tables = open_package().resources.values()
    assert not [r.name for r in tables if r.former_names or any(f.former_names for f in r.fields)]
    assert not told(lambda: [tip.load(name, labels=True) for name in open_package().resources])[1]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "use",
    [
        tip.load,
        tip.dictionary,
        tip.schema,
    ],
)
def test_a_former_name_of_a_table_gives_the_table_and_says_its_name(use: Callable) -> None:
    found, (warning,) = told(lambda: use("agreement_parties"))
    assert str(warning.message) == TABLE
    assert (warning.filename, warning.category) == (__file__, tip.FormerNameWarning)
    expected, nothing = told(lambda: use("agreement_members"))
    assert not nothing
    if isinstance(found, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    else:
        assert found.name == expected.name == "agreement_members"


@pytest.mark.usefixtures("installed")
def test_an_export_takes_a_former_name_of_a_table(tmp_path: Path) -> None:
    def export(table: str) -> list[str]:
        target = tip.export("parquet", tmp_path / table, tables=table)
        return sorted(file.name for file in target.iterdir())

    files, (warning,) = told(lambda: export("agreement_parties"))
    assert str(warning.message) == TABLE
    assert warning.filename == __file__
    assert "agreement_members.parquet" in files
    assert files == export("agreement_members")


@pytest.mark.usefixtures("installed")
def test_a_column_can_be_used_by_its_former_name_in_any_way() -> None:
    frame, (warning,) = told(lambda: tip.load("units"))
    assert str(warning.message) == COLUMN + QUIETLY
    assert warning.filename == __file__
    assert type(frame) is pd.DataFrame
    assert list(frame) == ["unit", "label", "kind", "meaning", "definition"]
    assert frame["definition"].equals(frame["meaning"])
    assert frame.definition.equals(frame.meaning)
    assert frame.loc[0, "definition"] == frame.loc[0, "meaning"]
    assert len(frame.groupby("definition")) == frame["meaning"].nunique()
    assert len(frame.merge(frame[["definition"]].drop_duplicates(), on="definition")) == len(frame)
    assert len(frame.query("definition == definition")) == len(frame)


@pytest.mark.usefixtures("installed")
def test_who_uses_the_new_name_is_left_in_peace() -> None:
    frame, nothing = told(lambda: tip.load("units", former_names=False))
    assert not nothing
    assert list(frame) == ["unit", "label", "kind", "meaning"]


@pytest.mark.usefixtures("installed")
def test_the_labels_of_a_renamed_column_have_both_names() -> None:
    frame, (warning,) = told(lambda: tip.load("organization_members", labels=True))
    assert "'member' is called 'part'" in str(warning.message)
    assert list(frame)[-2:] == ["member", "member_label"]
    assert frame["member_label"].equals(frame["part_label"])
    assert frame["part_label"].notna().all()
    quiet = tip.load("organization_members", labels=True, former_names=False)
    assert not {"member", "member_label"} & set(quiet)


@pytest.mark.usefixtures("installed")
def test_the_dictionary_says_the_former_name() -> None:
    column = tip.dictionary("units").set_index("name").loc["meaning"]
    assert column["description"].endswith(f"Until {NEXT} definition.")


@pytest.mark.usefixtures("installed")
def test_a_schema_with_a_former_name_can_be_sent_to_another_process() -> None:
    schema = pickle.loads(pickle.dumps(tip.schema("units")))
    assert len(schema.validate(tip.load("units", former_names=False)))


@pytest.mark.usefixtures("installed")
def test_the_warning_points_at_the_line_of_the_user_through_pandas() -> None:
    frame = pd.DataFrame({**MINE, "definition": ["Fishing boats."]})
    _, (warning,) = told(lambda: frame.pipe(tip.schema("units", coerce=True).validate))
    assert warning.filename == __file__


def test_the_guide_shows_the_warning_as_it_is() -> None:
    guide = (ROOT / "docs" / "guides" / "engineer.md").read_text(encoding="utf-8")
    # the rename of the guide is made up too, and stays the same from version to version
    column = COLUMN.replace(NEXT, "2.0.0").replace(GONE, "3.0.0")
    assert f"```text\nFormerNameWarning: {column}{QUIETLY}\n```" in guide


def test_python_shows_the_warning_if_nobody_asks(renamed: PackageCopy) -> None:
    """That of a DeprecationWarning would be hidden in code that is imported."""
    code = (
        "import sys, cambodia_tip as tip\n"
        "from cambodia_tip import package\n"
        "found = package.open_package(sys.argv[1])\n"
        "package._installed_package = lambda: found\n"
        "tip.load('units')\n"
    )
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONWARNINGS"}
    run = [sys.executable, "-c", code, str(renamed.path)]
    done = subprocess.run(run, capture_output=True, encoding="utf-8", env=environment)
    assert done.stderr.startswith(f"<string>:5: FormerNameWarning: {COLUMN}")


@pytest.mark.usefixtures("installed")
def test_the_command_shows_a_table_by_its_former_name(capsys: pytest.CaptureFixture[str]) -> None:
    expected, silence = command(capsys, "show", "agreement_members")
    assert silence == ""
    assert command(capsys, "show", "agreement_parties") == (expected, f"cambodia-tip: {TABLE}\n")


@pytest.mark.usefixtures("installed")
def test_the_command_describes_a_table_by_its_former_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected, _ = command(capsys, "dictionary", "agreement_members")
    found = command(capsys, "dictionary", "agreement_parties")
    assert found == (expected, f"cambodia-tip: {TABLE}\n")


@pytest.mark.usefixtures("installed")
def test_the_command_exports_a_table_by_its_former_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "x")
    out, err = command(capsys, "export", "parquet", target, "--table", "agreement_parties")
    assert err == f"cambodia-tip: {TABLE}\n"
    assert "agreement_members" not in out  # it was asked for, and is none that came along


@pytest.mark.usefixtures("installed")
def test_the_command_shows_a_column_by_its_former_name(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ("show", "units", "--format", "csv", "--columns")
    new, silence = command(capsys, *ask, "unit,meaning")
    assert silence == ""
    old, line = command(capsys, *ask, "unit,definition")
    assert line == f"cambodia-tip: {COLUMN}\n"
    assert old == new.replace("unit,meaning", "unit,definition", 1)
    label = ("show", "organization_members", "--labels", "--columns", "member_label")
    assert "'member' is called 'part' since" in command(capsys, *label)[1]
    everything, silence = command(capsys, "show", "units", "--format", "csv")
    assert everything.startswith("unit,label,kind,meaning\n")
    assert silence == ""


MINE = {"unit": ["boats"], "label": ["Boats"], "kind": ["count"]}
OLD = {**MINE, "definition": ["Fishing boats."]}


def frame_of(backend: str, columns: dict[str, list]) -> Any:
    if backend == "polars":
        pl = pytest.importorskip("polars")
        return pl.DataFrame(columns)
    if backend == "ibis":
        ibis, pyarrow = pytest.importorskip("ibis"), pytest.importorskip("pyarrow")
        return ibis.memtable(pyarrow.table(columns))
    return pd.DataFrame(columns)


def as_pandas(frame: Any) -> pd.DataFrame:
    if isinstance(frame, pd.DataFrame):
        return frame
    return frame.to_pandas()


BACKENDS = pytest.mark.parametrize("backend", ["pandas", "polars", "ibis"])


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("former_names", [True, False])
@pytest.mark.parametrize("table", ["units", "organization_members"])
def test_a_schema_takes_what_load_gives(table: str, former_names: bool) -> None:
    frame, _ = told(lambda: tip.load(table, former_names=former_names))
    for coerce in (True, False):
        checked, nothing = told(lambda c=coerce: tip.schema(table, coerce=c).validate(frame))
        assert not nothing
        pd.testing.assert_frame_equal(checked, frame)


@pytest.mark.usefixtures("installed")
@BACKENDS
def test_a_schema_takes_a_frame_with_the_former_name_alone(backend: str) -> None:
    schema = tip.schema("units", coerce=True, backend=backend)
    mine = frame_of(backend, OLD)
    checked, (warning,) = told(lambda: schema.validate(mine))
    assert str(warning.message) == COLUMN
    assert warning.filename == __file__
    found = as_pandas(checked)
    assert list(found) == ["unit", "label", "kind", "meaning", "definition"]
    assert found["meaning"].tolist() == found["definition"].tolist() == ["Fishing boats."]
    assert list(mine.columns) == list(OLD)
    again, nothing = told(lambda: schema.validate(checked))
    assert list(as_pandas(again)) == list(found)
    assert not nothing


@pytest.mark.usefixtures("installed")
@BACKENDS
@pytest.mark.parametrize("lazy", [True, False])
def test_a_schema_refuses_a_former_column_that_differs(backend: str, lazy: bool) -> None:
    """Who wrote into one of the two must learn that the other one stayed."""
    mine = frame_of(backend, {**MINE, "meaning": ["Boats."], "definition": ["Fishing boats."]})
    with pytest.raises(
        (pandera.errors.SchemaError, pandera.errors.SchemaErrors),
        match="definition must be the same as meaning",
    ):
        tip.schema("units", coerce=True, backend=backend).validate(mine, lazy=lazy)


@pytest.mark.usefixtures("installed")
@BACKENDS
def test_a_schema_checks_a_former_column_as_the_new_one(backend: str) -> None:
    mine = frame_of(backend, {**MINE, "definition": [""]})
    with pytest.raises(pandera.errors.SchemaErrors, match="meaning"):
        told(lambda: tip.schema("units", coerce=True, backend=backend).validate(mine, lazy=True))


def findings(copy: PackageCopy) -> list[tuple[str, str]]:
    copy.refresh()
    return [(finding.rule, finding.message) for finding in tip.validate(copy.path)]


def test_a_package_with_former_names_is_valid(renamed: PackageCopy) -> None:
    assert findings(renamed) == []


@pytest.mark.parametrize(
    ("renamed_in", "version", "is_over"),
    [
        ("2.0.0", "2.9.9", False),
        ("2.0.0", "3.0.0", True),
        ("0.9.0", "0.12.0", False),
        ("0.9.0", "1.0.0", False),
        ("0.9.0", "1.99.3", False),
        ("0.9.0", "2.0.0", True),
        ("1.0.0", "2.0.0", True),
    ],
)
def test_a_former_name_has_its_time(
    package_copy: PackageCopy, renamed_in: str, version: str, is_over: bool
) -> None:
    package_copy.edit_field("units", "definition", formerNames=former("meaning", renamed_in))
    edit_table(package_copy, "units", formerNames=former("measures", renamed_in))
    set_version(package_copy, version)
    told = list(wrong_former_names(open_package(package_copy.path)))
    assert len(told) == 2 * is_over
    gone = "3.0.0" if renamed_in == "2.0.0" else "2.0.0"
    assert all(message.endswith(f"had its time until {gone}; take it out") for message in told)


def test_a_former_name_of_a_later_version_is_found(package_copy: PackageCopy) -> None:
    package_copy.edit_field("units", "definition", formerNames=former("meaning", "0.10.0"))
    set_version(package_copy, "0.9.4")
    message = (
        "schema of 'units', field 'definition': the former name 'meaning' is of 0.10.0, "
        "which is later than 0.9.4"
    )
    assert list(wrong_former_names(open_package(package_copy.path))) == [message]


@pytest.mark.parametrize(
    "names",
    [
        {"definition": ["kind"]},
        {"definition": ["definition"]},
        {"definition": ["meaning", "meaning"]},
        {"definition": ["meaning"], "kind": ["meaning"]},
    ],
)
def test_a_former_name_that_stands_for_two_columns_is_found(
    package_copy: PackageCopy, names: dict[str, list[str]]
) -> None:
    for column, listed in names.items():
        entries = [{"name": name, "renamedIn": BEFORE} for name in listed]
        package_copy.edit_field("units", column, formerNames=entries)
    ((rule, message),) = findings(package_copy)
    assert rule == "former-name"
    assert message.endswith("is there twice, as a name or a former name")


@pytest.mark.parametrize(("table", "name"), [("units", "areas"), ("routes", "ways")])
def test_a_former_name_that_stands_for_two_tables_is_found(
    package_copy: PackageCopy, table: str, name: str
) -> None:
    edit_table(package_copy, table, formerNames=former(name, BEFORE))
    edit_table(package_copy, "budgets", formerNames=former("ways", BEFORE))
    assert [rule for rule, _ in findings(package_copy)] == ["former-name"]


@pytest.mark.parametrize(
    "value",
    [
        "meaning",
        [],
        ["meaning"],
        [{"name": "meaning"}],
        [{"name": "", "renamedIn": "2.0.0"}],
        [{"name": ["meaning"], "renamedIn": "2.0.0"}],
        [{"name": "meaning", "renamedIn": 2}],
        [{"name": "meaning", "renamedIn": "2.1.0"}],
        [{"name": "meaning", "renamedIn": "2.0.0", "until": "3.0.0"}],
    ],
)
@pytest.mark.parametrize("of", ["column", "table"])
def test_former_names_in_another_form_are_refused(
    package_copy: PackageCopy, of: str, value: object
) -> None:
    if of == "column":
        package_copy.edit_field("units", "definition", formerNames=value)
    else:
        edit_table(package_copy, "units", formerNames=value)
    (finding,) = tip.validate(package_copy.path)
    assert finding.rule == "descriptor"
    assert "'formerNames' must be a list, not empty, of objects with name and" in finding.message
    tip.changes(None, package_copy.path)  # and a comparison, which asks little, goes on


def changes_of(copy: PackageCopy) -> list[tuple[str, ...]]:
    found = [c for c in tip.changes(None, copy.path) if c.what != "version"]
    return [(c.table, c.column, c.what, c.item, c.kind, c.new, c.step) for c in found]


def test_renames_are_told_as_that_alone(renamed: PackageCopy) -> None:
    assert sorted(changes_of(renamed)) == [
        ("agreement_parties", "", "table", "", "renamed", "agreement_members", "MAJOR"),
        ("organization_members", "member", "column", "", "renamed", "part", "MAJOR"),
        ("units", "definition", "column", "", "renamed", "meaning", "MAJOR"),
    ]
    assert tip.changes(None, renamed.path).is_enough


def test_cells_of_what_was_renamed_are_compared(renamed: PackageCopy) -> None:
    """What holds other cells too cannot be seen to be the same, but is declared to be it."""
    renamed.edit("units", "calls", {"meaning": "Made up."})
    quoted = next(iter(renamed.rows("agreement_members")))
    key = f"{quoted['agreement']}, {quoted['party']}"
    renamed.edit("agreement_members", quoted["agreement"], {"quote": "Made up"})
    found = changes_of(renamed)
    assert ("units", "definition", "column", "", "renamed", "meaning", "MAJOR") in found
    assert ("units", "meaning", "cell", "calls", "changed", "Made up.", "PATCH") in found
    assert ("agreement_parties", "quote", "cell", key, "changed", "Made up", "PATCH") in found
    assert not [c for c in found if c[4] in ("added", "removed")]


def test_a_rename_of_a_table_that_others_refer_to_is_one_change(
    package_copy: PackageCopy,
) -> None:
    edit_table(package_copy, "statutes", name="laws", formerNames=former("statutes"))
    for file in (package_copy.path / "schemas").glob("*.json"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace('"resource": "statutes"', '"resource": "laws"'), encoding="utf-8"
        )
    set_version(package_copy, NEXT)
    assert changes_of(package_copy) == [("statutes", "", "table", "", "renamed", "laws", "MAJOR")]


def test_a_former_name_that_goes_asks_for_a_major_version(renamed: PackageCopy) -> None:
    before, after = renamed.path, renamed.path.with_name("after")
    shutil.copytree(before, after)
    copy = type(renamed)(after)
    copy.edit_schema("units", lambda schema: schema["fields"][3].pop("formerNames"))
    edit_table(copy, "agreement_members", formerNames=[*former("agreement_parties"), *former("x")])
    found = [(c.table, c.column, str(c), c.step) for c in tip.changes(before, after)]
    assert sorted(found) == [
        ("agreement_members", "", "agreement_members: former name x added", "MINOR"),
        ("units", "meaning", "units: former name definition of meaning removed", "MAJOR"),
    ]


def test_the_descriptor_of_the_wheel_keeps_former_names(
    renamed: PackageCopy, tmp_path: Path
) -> None:
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    (renamed.path / "datapackage.json").write_text(json.dumps(hook.bundled(renamed.path)))
    (renamed.path / "schemas").rename(tmp_path / "elsewhere")
    found = open_package(renamed.path)
    assert [f.name for f in found.resources["agreement_members"].former_names] == [
        "agreement_parties"
    ]
    (column,) = found.resources["units"].field("meaning").former_names
    assert (column.name, column.renamed_in) == ("definition", NEXT)
    assert tip.validate(renamed.path).valid
