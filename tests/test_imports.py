"""What an import costs, and that no module hides a function of the same name."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import cambodia_tip as tip


def modules_after(code: str) -> set[str]:
    code += "; import sys; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "code", ["pass", "t.__version__", "t.package_path()", "t.cite()", "t.cite(format='bibtex')"]
)
def test_an_import_or_a_citation_of_the_data_loads_neither_pandas_nor_pandera(code: str) -> None:
    loaded = modules_after(f"import cambodia_tip as t; {code}")
    assert not {"pandas", "numpy", "pandera", "click"} & loaded


@pytest.mark.parametrize("arguments", [["cite"], ["path"], ["--version"]])
def test_small_commands_do_without_pandas(arguments: list[str]) -> None:
    code = f"from cambodia_tip.command.cli import run; run({arguments!r})"
    assert not {"pandas", "numpy", "pandera"} & modules_after(code)


def test_load_does_without_pandera() -> None:
    assert "pandera" not in modules_after("import cambodia_tip as t; t.load('statutes')")


def test_exported_names_are_there() -> None:
    for name in tip.__all__:
        assert getattr(tip, name) is not None
    functions = {name for name in tip.__all__ if name.islower()}
    assert functions <= set(dir(tip)) <= {*tip.__all__, "errors"}


def test_no_module_has_the_name_of_an_export() -> None:
    assert not {module.name for module in pkgutil.iter_modules(tip.__path__)} & set(tip.__all__)


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'loda'"):
        tip.loda  # noqa: B018
