"""README and pages are run: their examples must print what they say they print.

Console blocks and Python blocks of one page run in their order, in one working folder that holds a
copy of ``datapackage``, as a clone does; so a page may write a file and read it again.

``python tests/test_docs.py --write`` puts what commands and examples print now into the blocks, for
a new version or a changed text; names of pages after it write those alone. Read the difference
before you keep it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.command import cli
from cambodia_tip.package.opening import open_package

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
SHELL = shutil.which("bash")


def pages() -> list[Path]:
    built = {DOCS / "_build", DOCS / "node_modules"}
    found = sorted(p for p in DOCS.rglob("*.md") if not built & set(p.parents))
    return [README, *found]


def blocks(page: Path) -> list[tuple[str, str]]:
    """The language and the text of each block that is to be run."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```(console|python)\n(.*?)^```$", text, re.M | re.S)


def commands(block: str) -> list[tuple[str, str]]:
    """Each command of a console block, with what stands below it."""
    with_a_text = r".*<< *'EOF'\n(?:.*\n)*?EOF"
    command = rf"{with_a_text}|(?:.*\\\n)*.*"
    return re.findall(rf"^\$ ({command})\n((?:(?!\$ ).*\n)*)", block, re.M)


FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
"""How far the output of an example may differ from the page."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


PAGES = [page for page in pages() if blocks(page)]
NEEDS = {"docs/python/answers.md": ["altair"]}
"""Libraries of the extra ``docs`` that the examples of a page import."""


class Terminal:
    """Runs the commands of a page, and remembers their exit status as a shell does."""

    def __init__(self) -> None:
        self.status = 0

    def run(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.status}\n"
        if re.match(r"cambodia-tip [^|<>$;&\\]*$", command):
            return self._in_process(shlex.split(command)[1:])
        return self._in_shell(command)

    def _in_process(self, arguments: list[str]) -> str:
        """What the terminal shows, without the second that a new process takes."""
        memory = open_package()._memory
        for key in [key for key in memory if key[0] == "warned"]:
            del memory[key]  # each process warns once
        screen = io.StringIO()
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            self.status = cli.run(arguments)
        return screen.getvalue()

    def _in_shell(self, command: str) -> str:
        if SHELL is None:
            pytest.skip("no bash to run it with")
        binaries = str(Path(sys.executable).parent)
        result = subprocess.run(
            [SHELL, "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PATH": os.pathsep.join([binaries, os.environ["PATH"]])},
            timeout=120,
        )
        self.status = result.returncode
        return result.stdout


def run_console(block: str, terminal: Terminal) -> Iterator[str]:
    """Run a console block; yield what went otherwise than it says."""
    found = commands(block)
    if not found:
        yield f"a console block without a command: {block}"
    for number, (command, expected) in enumerate(found):
        printed = terminal.run(command)
        if printed != expected:
            yield f"$ {command}\nprints\n{printed}in place of\n{expected}"
        follows = found[number + 1][0] if number + 1 < len(found) else ""
        if terminal.status != 0 and "echo $?" not in (command, follows):
            yield f"$ {command}\nends with {terminal.status}, which the page does not show"


def run_python(block: str, names: dict[str, object], page: str) -> Iterator[str]:
    """Run a block as a doctest, or as a script if it has no prompts."""
    if ">>>" not in block:
        exec(compile(block, page, "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
    test.globs = names  # not a copy: the next block goes on with them
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    if runner.run(test, out=report.write, clear_globs=False).failed:
        yield report.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_examples_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in NEEDS.get(name_of(page), []):
        pytest.importorskip(library)
    shutil.copytree(tip.package_path(), tmp_path / "datapackage")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    terminal = Terminal()
    names: dict[str, object] = {"__name__": "__main__"}
    wrong = []
    for language, block in blocks(page):
        if language == "console":
            wrong += run_console(block, terminal)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they go to the error stream, examples show output
                wrong += run_python(block, names, name_of(page))
    assert not wrong, "\n\n".join(wrong)


def test_the_pages_that_teach_have_examples() -> None:
    """A change of the marks of a block must not make this test run nothing."""
    teaching = ["README.md", "docs/contributing.md", "docs/formats.md"]
    teaching += [f"docs/python/{page}.md" for page in ("index", "answers", "recipes", "project")]
    assert set(teaching) <= {name_of(page) for page in PAGES}
    assert {language for page in PAGES for language, _ in blocks(page)} == {"console", "python"}


def test_each_answer_has_a_caveat_and_at_most_three_lines_of_code() -> None:
    text = (DOCS / "python" / "answers.md").read_text(encoding="utf-8")
    questions = [part for part in text.split("\n## ")[1:] if part.split("\n")[0].endswith("?")]
    assert len(questions) == 10
    for question in questions:
        lines = re.findall(r"^(?:>>>|\.\.\.) .*$", question, re.M)
        assert 0 < len(lines) <= 3, question
        assert max(map(len, lines)) <= 120, question
        assert "**Caveat.**" in question, question


def test_linked_tables_are_columns_of_the_frames_that_the_answers_name() -> None:
    text = (
        (DOCS / "python" / "answers.md")
        .read_text(encoding="utf-8")
        .partition("## Linked tables")[2]
    )
    rows = re.findall(r"^\|.*?\| (.*tip\.load\(.*) \| (.*) \|$", text, re.M)
    assert len(rows) == 3
    for calls, columns in rows:
        for table in re.findall(r'load\("(\w+)"', calls):
            assert set(re.findall(r"\w+", columns)) <= set(tip.load(table, labels=True)), table


def test_the_readme_has_at_most_1000_words() -> None:
    assert len(README.read_text(encoding="utf-8").split()) <= 1000


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("$ cambodia-tip cite\nSomething else\n", "in place of\nSomething else"),
        ("$ cambodia-tip tables --format csw\nno\n", "ends with 2"),
        ("cambodia-tip cite\n", "without a command"),
        ("$ false\n", "ends with 1"),
    ],
)
def test_a_console_block_that_is_wrong_is_found(block: str, complaint: str) -> None:
    assert any(complaint in wrong for wrong in run_console(block, Terminal()))


def test_a_command_may_carry_a_text_of_several_lines() -> None:
    block = "$ cat <<'EOF'\n$ no command\n\nlast\nEOF\nprinted\n$ true\n"
    assert commands(block) == [
        ("cat <<'EOF'\n$ no command\n\nlast\nEOF", "printed\n"),
        ("true", ""),
    ]


def test_a_python_block_that_is_wrong_is_found() -> None:
    assert "Expected:\n    3" in "".join(run_python(">>> 1 + 1\n3\n", {}, "page"))
    assert not list(run_python(">>> 1 + 1\n2\n", {}, "page"))


def test_every_public_name_stands_on_the_page_of_the_api() -> None:
    page = (DOCS / "python" / "api.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\.\. auto\w+:: (\w+)$", page, re.M)
    assert sorted(documented) == sorted(tip.__all__)


def test_links_of_the_readme_lead_to_files() -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README.read_text(encoding="utf-8")):
        assert (ROOT / target).is_file(), target


class Rewriter(doctest.DocTestRunner):
    """Puts what the examples of a block print into it, where they print something else."""

    def __init__(self, block: str) -> None:
        super().__init__(optionflags=FLAGS, verbose=False)
        self.lines = block.splitlines(keepends=True)
        self.moved = 0

    def report_failure(
        self, out: object, test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        start = example.lineno + example.source.count("\n") + self.moved
        old, new = example.want.count("\n"), got.splitlines(keepends=True)
        self.lines[start : start + old] = [" " * example.indent + line for line in new]
        self.moved += len(new) - old

    def report_unexpected_exception(
        self, out: object, test: doctest.DocTest, example: doctest.Example, exc_info: object
    ) -> None:
        print(f"{test.name}: raises what the page does not show: {example.source}", end="")


def rewritten(block: str, names: dict[str, object], page: str) -> str:
    """A Python block with what its examples print now."""
    if ">>>" not in block:
        list(run_python(block, names, page))
        return block
    test = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
    test.globs = names
    rewriter = Rewriter(block)
    rewriter.run(test, clear_globs=False)
    return "".join(rewriter.lines)


def write_outputs(page: Path, folder: Path) -> None:
    """Put what the commands and examples of a page print into it."""
    shutil.copytree(tip.package_path(), folder / "datapackage")
    terminal = Terminal()
    names: dict[str, object] = {"__name__": "__main__"}

    def filled(block: re.Match[str]) -> str:
        if block[1] == "python":
            return f"```python\n{rewritten(block[2], names, page.name)}```"
        return "".join(["```console\n", *map(printed, (c for c, _ in commands(block[2]))), "```"])

    def printed(command: str) -> str:
        output = terminal.run(command)
        if terminal.status == 127:
            sys.exit(f"{page.name} is left as it was: $ {command}\n{output}")
        return f"$ {command}\n{output}"

    text = page.read_text(encoding="utf-8")
    with contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = re.sub(r"^```(console|python)\n(.*?)^```$", filled, text, flags=re.M | re.S)
    page.write_text(text, encoding="utf-8")


def test_written_outputs_are_those_of_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    page = tmp_path / "page.md"
    python = '```python\n>>> from pathlib import Path\n>>> Path("made").touch()\n{}```\n'
    old_sum = ">>> 1 + 1\n3\n4\n\n>>> [\n...     5\n... ]\n6\n>>> 'kept as it was'\n'kept...'\n"
    new_sum = ">>> 1 + 1\n2\n\n>>> [\n...     5\n... ]\n[5]\n>>> 'kept as it was'\n'kept...'\n"
    old = "```console\n$ cambodia-tip --version\nOld.\n$ ls made\nOld.\n```\n"
    page.write_text(f"Text.\n\n{python.format(old_sum)}{old}", encoding="utf-8")
    write_outputs(page, tmp_path)
    version = f"$ cambodia-tip --version\ncambodia-tip {tip.__version__}\n"
    new = f"```console\n{version}$ ls made\nmade\n```\n"
    assert page.read_text(encoding="utf-8") == f"Text.\n\n{python.format(new_sum)}{new}"


def test_a_command_that_is_not_there_leaves_the_page_as_it_was(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ no-such-command\nOld.\n```\n")
    with pytest.raises(SystemExit, match=r"page\.md is left as it was: \$ no-such-command"):
        write_outputs(page, tmp_path)
    assert "\nOld.\n" in page.read_text(encoding="utf-8")


def write_pages(pages: list[Path]) -> None:
    if not tip.validate().valid:
        sys.exit("mend what cambodia-tip validate finds first")
    os.environ["COLUMNS"] = "120"
    for page in pages:
        with tempfile.TemporaryDirectory() as place:
            write_outputs(page, Path(place))


def test_no_page_is_written_while_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tip.Finding("areas", "", "", "hash", "is another")
    monkeypatch.setattr(tip, "validate", lambda: tip.Report((wrong,), "areas"))
    with pytest.raises(SystemExit, match="mend what cambodia-tip validate finds first"):
        write_pages([tmp_path / "page.md"])


if __name__ == "__main__":
    if sys.argv[1:2] != ["--write"]:
        sys.exit(f"usage: python {sys.argv[0]} --write [PAGE ...]")
    write_pages([Path(name).resolve() for name in sys.argv[2:]] or PAGES)


def test_pages_say_how_many_documents_are_held_and_leaked() -> None:
    num2words = pytest.importorskip("num2words").num2words
    sources = tip.load("sources")
    held = int(sources["bytes"].count())
    leaked = num2words(int((sources["standing"] == "leaked").sum()))
    readme, limits = (
        " ".join(page.read_text(encoding="utf-8").split())
        for page in (README, DOCS / "method" / "limits.md")
    )
    assert f"what {num2words(held)} documents say; {leaked} of them are leaked" in readme
    of_which = f"the {num2words(held)} documents, and {len(sources) - held} whose text the project"
    assert f"{len(sources)} sources: {of_which}" in readme
    assert "{{ documents }} documents, {count}`sources standing=leaked` of them leaked" in limits
    for text in (readme, limits):
        assert "cannot show a trend" in text


def test_the_numbers_for_writers_are_those_of_records() -> None:
    rows = re.findall(r"^\| .*", (DOCS / "writing.md").read_text(encoding="utf-8"), re.M)[1:]
    values = tip.observations(warn=False).set_index("id")["obs_value"]
    returns = ["mfaic-2017-total", "mosavy-2017-total", "ngo-2017"]
    returned = [int(values[f"repatriation-2018-{name}"]) for name in returns]
    arrested = int(values["enforcement-2004-persons-arrested"])
    prosecuted, convicted = (
        int(values[f"enforcement-2018-persons-{what}-2017"]) for what in ("prosecuted", "convicted")
    )
    trained = [int(values[f"training-2009-{who}-trained"]) for who in ("officials", "police")]
    wrong = [sum(returned), round(100 * convicted / prosecuted), sum(trained)]
    known = {*returned, arrested, prosecuted, convicted, *trained, *wrong}
    found = {int(n.replace(",", "")) for row in rows for n in re.findall(r"\d[\d,]*\d", row)}
    assert found == known


def test_the_public_assessment_is_named_beside_the_cable() -> None:
    sources = tip.load("sources").set_index("source_id")
    public, cable = sources.loc["tip-interim-2010"], sources.loc["cable-09PHNOMPENH846"]
    assert (public["published"], public["standing"]) == ("2010-02-24", "official")
    assert cable["published"] < public["published"]
    assert "`tip-interim-2010`" in (DOCS / "method" / "limits.md").read_text(encoding="utf-8")
