"""What `load` costs against `pandas.read_csv` of the same file to the same frame."""

from __future__ import annotations

from collections.abc import Sequence

from cambodia_tip.package.model import Resource
from cambodia_tip.package.opening import open_package
from measure import Result, Section, medians, output, python

FIRST, SECOND = 1.05, 0.02
ROUNDS = 15
CALLS = 200

DTYPES = {"string": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}

TIMED = """
from statistics import median
from time import process_time
def timed():
    start = process_time()
    read()
    return process_time() - start
read()
print(median(timed() for _ in range({calls})))
"""


def loading(tables: Sequence[str]) -> Section:
    """The first load as a whole process, and a later one within a process."""
    package = open_package()
    results = []
    for name in tables:
        ours, theirs = _load(name), _read_csv(package.resource(name))
        same = f"{ours}\nfirst = read()\n{theirs}\npd.testing.assert_frame_equal(first, read())"
        output(python("-W", "ignore", "-c", same))
        first = medians(
            {
                n: python("-W", "ignore", "-c", f"{code}\nread()")
                for n, code in _named(ours, theirs)
            },
            ROUNDS,
        )
        later = {
            n: float(output(python("-W", "ignore", "-c", code + TIMED.format(calls=CALLS))))
            for n, code in _named(ours, theirs)
        }
        own, other = first["load"].seconds, first["read_csv"].seconds
        results += [
            Result(
                f"first load of {name}",
                own / other,
                FIRST,
                f"{own * 1000:.0f} ms, `read_csv` {other * 1000:.0f} ms",
            ),
            Result(
                f"second load of {name}",
                later["load"] / later["read_csv"],
                SECOND,
                f"{later['load'] * 1e6:.0f} µs, `read_csv` {later['read_csv'] * 1e6:.0f} µs",
            ),
        ]
    text = (
        "`tip.load(table)` against `pandas.read_csv` of the same file to the same frame, dtypes "
        f"and all. First load: CPU time of whole processes, medians of {ROUNDS} runs. Second "
        "load: a call in a process that has loaded the table before, against a call of `read_csv` "
        f"in a process that has read it before, medians of {CALLS} calls."
    )
    return Section("Load", text, results)


def _named(ours: str, theirs: str) -> list[tuple[str, str]]:
    return [("load", ours), ("read_csv", theirs)]


def _load(name: str) -> str:
    return f"import cambodia_tip as tip\ndef read(): return tip.load({name!r})"


def _read_csv(resource: Resource) -> str:
    """A program that reads a table with pandas alone, to the dtypes that its schema gives it."""
    dtypes = [
        f"{field.name!r}: pd.CategoricalDtype({list(field.categories)})"
        if field.categories
        else f"{field.name!r}: {DTYPES[field.type]!r}"
        for field in resource.fields
        if field.type != "date"
    ]
    dates = [field.name for field in resource.fields if field.type == "date"]
    return (
        "import pandas as pd\n"
        "def read():\n"
        f"    frame = pd.read_csv({str(resource.path)!r}, dtype={{{', '.join(dtypes)}}},\n"
        f"        parse_dates={dates}, date_format='%Y-%m-%d', keep_default_na=False,\n"
        "        na_values=[''])\n"
        f"    return frame.astype(dict.fromkeys({dates}, 'datetime64[s]'))"
    )
