"""Which subpackage may import which, and that none of them imports in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import cambodia_tip as tip

CODE = Path(tip.__file__).parent
ORDER = (
    "errors",
    "report",
    "parsing",
    "package",
    "reading",
    "citing",
    "schemas",
    "checking",
    "sources",
    "exports",
    "maintaining",
    "data_package",
    "command",
    "pyinstaller",
)
"""Each may import those before it."""
DOORS = ("__init__", "__main__")
MODULES = sorted(
    file.relative_to(CODE).with_suffix("").parts
    for file in CODE.rglob("*.py")
    if file.relative_to(CODE).parts[0].removesuffix(".py") not in DOORS
)


def imports(module: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The modules of this package that a module imports, anywhere in it."""
    tree = ast.parse(CODE.joinpath(*module).with_suffix(".py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (*module[: len(module) - node.level], *(node.module or "").split("."))
            base = tuple(filter(None, base))
            for alias in node.names:
                target = (*base, alias.name)
                found.add(target if target in MODULES else base)
    return {(*m, "__init__") if (*m, "__init__") in MODULES else m for m in found if m}


@pytest.mark.parametrize("module", MODULES, ids=".".join)
def test_a_module_imports_only_subpackages_before_its_own(module: tuple[str, ...]) -> None:
    place = ORDER.index(module[0])
    wrong = [".".join(other) for other in imports(module) if ORDER.index(other[0]) > place]
    assert not wrong, f"{'.'.join(module)} imports {wrong}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: imports(module) - {module} for module in MODULES}).prepare()


@pytest.mark.parametrize("name", ["parsing", "package"])
def test_the_first_subpackages_do_not_import_pandas(name: str) -> None:
    for module in MODULES:
        if module[0] == name:
            text = CODE.joinpath(*module).with_suffix(".py").read_text(encoding="utf-8")
            names = {
                alias.name.partition(".")[0]
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import)
                for alias in node.names
            }
            assert not {"pandas", "numpy", "pandera"} & names, module


@pytest.mark.parametrize("name", [name for name in ORDER if (CODE / name).is_dir()])
def test_a_subpackage_says_what_it_is_for(name: str) -> None:
    tree = ast.parse((CODE / name / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)


def test_a_long_module_says_why_it_is_long() -> None:
    for module in MODULES:
        text = CODE.joinpath(*module).with_suffix(".py").read_text(encoding="utf-8")
        doc = ast.get_docstring(ast.parse(text)) or ""
        assert text.count("\n") <= 310 or "long" in doc, ".".join(module)
