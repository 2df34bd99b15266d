"""What `import cambodia_tip` costs."""

from __future__ import annotations

from importlib.util import find_spec

from measure import Result, Section, medians, python

OTHERS = ("pycountry", "palmerpenguins", "vega_datasets", "pycldf")
TARGET = 1.2
ROUNDS = 21


def importing() -> Section:
    """Whole processes that import a package, against one that does nothing."""
    names = ["cambodia_tip", *(name for name in OTHERS if find_spec(name))]
    commands = {name: python("-c", f"import {name}") for name in names}
    times = medians({"pass": python("-c", "pass"), **commands}, ROUNDS)
    least = times["pass"].seconds
    results = [
        Result(
            f"`import {name}`",
            times[name].seconds / least,
            TARGET if name == "cambodia_tip" else None,
            f"{times[name].seconds * 1000:.0f} ms, `pass` {least * 1000:.0f} ms",
        )
        for name in names
    ]
    text = (
        f'CPU time of `python -c "import ..."` against `python -c pass`, medians of {ROUNDS} runs. '
        "Other packages that bring data stand beside it."
    )
    return Section("Import", text, results)
