"""The check of a table in PySpark finds what that of the same rows in pandas finds."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("pyspark", reason="PySpark has an environment of its own: see .ci/run")
ibis = pytest.importorskip("ibis")
pyarrow = pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("PySpark needs Java: apt-get install default-jre-headless", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parent))

import cambodia_tip as tip  # noqa: E402
from cambodia_tip.checking.engine_cells import Cells, Held  # noqa: E402
from cambodia_tip.package.opening import open_package  # noqa: E402
from editions import frames, of_rows, typed  # noqa: E402
from faults import all_faults, read_data  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # those of PySpark are not ours

DATA = read_data()
FAULTS = list(all_faults(DATA))
TABLES = {
    "enforcement_stats": "text",
    "repatriations": "typed",
    "penalties": "typed",
    "tier_placements": "text",
    "unused_numerals": "text",
}
"""Tables in which errors of every rule are, as far as rows of one table show them."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    # on a few rows, compiling takes longer than what is compiled saves
    builder = builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
    builder = builder.config("spark.sql.codegen.wholeStage", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def hold(spark: Any, cells: Any) -> Any:
    name = ibis.util.gen_name("rows")
    spark.createDataFrame(cells).createOrReplaceTempView(name)
    return ibis.pyspark.connect(spark).table(name)


def as_text(frame: pd.DataFrame) -> Any:
    return pyarrow.table({n: pyarrow.array(list(c), pyarrow.string()) for n, c in frame.items()})


@pytest.mark.parametrize("table", TABLES)
def test_what_pandas_finds_is_found(table: str, spark: Any) -> None:
    """The right rows of a table, and below them an error for each rule."""
    sample = list({fault.rules: fault for fault in of_rows(FAULTS, table)[::-1]}.values())
    (frame,) = frames(DATA, table, sample)
    is_text = TABLES[table] == "text"
    rows = as_text(frame) if is_text else typed(frame, open_package().resource(table))
    expected = tip.check(rows.to_pandas(types_mapper=pd.ArrowDtype), table)
    report = tip.check(hold(spark, rows), table)
    assert set(report.findings) == set(expected.findings)
    assert (report.subject, report.notes) == (expected.subject, expected.notes)


def test_no_wrong_text_is_surely_right(spark: Any) -> None:
    """Each error of a text alone, in a table with fields of most types."""
    faults = [fault for fault in FAULTS if fault.table == "sources" and fault.is_of_text]
    fields = open_package().resource("sources").fields
    first = {field.name: DATA.values("sources", field.name)[0] for field in fields}
    rows = [first, *({**first, fault.column: fault.text} for fault in faults)]
    held = hold(spark, as_text(pd.DataFrame(rows)))
    sure = held.select(**{f.name: Cells(held[f.name], f).is_sure for f in fields})
    right, *answers = sure.to_pyarrow().to_pylist()
    assert all(right.values())
    assert not [f for f, row in zip(faults, answers, strict=True) if row[f.column]]


def test_keys_are_looked_up_and_not_compared_one_by_one(spark: Any) -> None:
    """With as many keys as rows, the time would grow with the square of them."""
    resource = open_package().resource("repatriations")
    (link,) = [key for key in resource.foreign_keys if key.resource == "ids"]
    rows = hold(spark, as_text(pd.DataFrame(DATA.rows["repatriations"][:9])))
    held = Held(rows, resource, {"ids": frozenset(map(str, range(2000)))})
    wrong = held.table.filter(held.breaks(link))
    assert len(wrong.to_pyarrow()) == 9
    plan = spark.sql(wrong.compile())._jdf.queryExecution().toString()
    assert "ExistenceJoin" in plan
    assert "NestedLoop" not in plan


def test_rules_that_read_texts_are_named_where_workers_cannot_run_them(spark: Any) -> None:
    """As where the workers of a cluster have other packages than the one who asks."""
    frame = pd.DataFrame(DATA.rows["programmes"][:3])
    held = hold(spark, as_text(frame.assign(kind="odd")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cambodia_tip.checking.in_engine.reader", lambda *_: _broken)
        report = tip.check(held, "programmes")
    assert "quote" in report.notes[2]
    assert {finding.rule for finding in report} == {"enum"}


def _broken(cells: Any) -> Any:
    raise ModuleNotFoundError("No module named 'cambodia_tip'")
