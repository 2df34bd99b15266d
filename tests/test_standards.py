"""The package keeps to Data Package 2.0, and other clients can read it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

import cambodia_tip as tip
from cambodia_tip.package import profile
from cambodia_tip.package.opening import open_package

jsonschema = pytest.importorskip("jsonschema")

OFFICIAL = "https://datapackage.org/profiles/2.0/datapackage.json"
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="cell">
<xs:simpleType><xs:restriction base="xs:string"><xs:pattern value={}/></xs:restriction>
</xs:simpleType></xs:element></xs:schema>"""


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def descriptor() -> dict[str, Any]:
    """The descriptor with its schemas in place of their paths."""
    found = read(tip.package_path() / "datapackage.json")
    for entry in found["resources"]:
        if isinstance(entry["schema"], str):
            entry["schema"] = read(tip.package_path() / entry["schema"])
    return found


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in descriptor()["resources"]:
        for field in entry["schema"]["fields"]:
            yield f"{entry['name']}.{field['name']}", field


@pytest.fixture(scope="module")
def official() -> dict[str, Any]:
    """The official profiles by name; skips where they are not given."""
    folder = os.environ.get("CAMBODIA_TIP_PROFILES")
    if not folder:
        pytest.skip("CAMBODIA_TIP_PROFILES does not name a folder with the official profiles")
    names = ("datapackage", "dataresource", "tableschema")
    return {name: read(Path(folder) / f"datapackage-2.0-{name}.json") for name in names}


def errors(schema: Any, instance: Any, **options: Any) -> list[str]:
    validator = jsonschema.Draft7Validator(schema, **options)
    return [f"{e.json_path}: {e.message:.200}" for e in validator.iter_errors(instance)]


def official_errors(official: dict[str, Any], package: dict[str, Any]) -> list[str]:
    found = errors(official["datapackage"], package)
    for entry in package["resources"]:
        found += errors(official["dataresource"], entry)
        found += errors(official["tableschema"], entry["schema"])
    return found


def test_the_descriptor_passes_the_official_profiles(official: dict[str, Any]) -> None:
    assert official_errors(official, descriptor()) == []


def test_each_table_has_the_profile_that_clients_of_the_first_standard_ask_for() -> None:
    """frictionless for R 1.2 reads no table without it."""
    resources = descriptor()["resources"]
    assert {resource.get("profile") for resource in resources} == {"tabular-data-resource"}


def test_the_official_profiles_want_examples_as_text(official: dict[str, Any]) -> None:
    package = descriptor()
    package["resources"][0]["schema"]["fields"][0]["example"] = 4579
    assert official_errors(official, package) != []


def test_the_extension_profile_extends_the_official_one(official: dict[str, Any]) -> None:
    referencing = pytest.importorskip("referencing")
    own = read(Path(profile.__file__).with_name("profile.json"))
    jsonschema.Draft7Validator.check_schema(own)
    resource = referencing.Resource.from_contents(official["datapackage"])
    registry = referencing.Registry().with_resource(OFFICIAL, resource)
    assert errors(own, descriptor(), registry=registry) == []
    package = descriptor()
    package["resources"][0]["schema"]["fields"][0]["sdmxRole"] = "colour"
    assert errors(own, package, registry=registry) != []


def test_clients_are_told_how_the_files_are_written() -> None:
    """Without a dialect npm `datapackage` guesses, and reads units.csv as one column."""
    for entry in descriptor()["resources"]:
        assert entry["dialect"] == {
            **{"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}
        }


def test_the_documents_are_listed_as_sources() -> None:
    rows = tip.load("sources").sort_values("source_id")
    listed = [(source["title"], source.get("path")) for source in descriptor()["sources"]]
    urls = rows["url"].astype(object).where(rows["url"].notna(), None)
    assert listed == list(zip(rows["title"], urls, strict=True))


def patterns() -> dict[str, str]:
    return {
        field.get(name, {})["pattern"]: where
        for where, field in fields()
        for name in ("constraints", "furtherConstraints")
        if "pattern" in field.get(name, {})
    }


def test_patterns_are_xml_schema_regular_expressions(tmp_path: Path) -> None:
    """They match the whole cell there, where ^ and $ are ordinary characters."""
    for pattern, where in patterns().items():
        assert "(?" not in pattern, where
        assert not pattern.startswith("^"), where
        assert not pattern.endswith("$"), where
    xmllint = shutil.which("xmllint")
    if xmllint is None:
        pytest.skip("xmllint is not installed")
    for pattern, where in patterns().items():
        examples = [f["example"] for name, f in fields() if name == where]
        (tmp_path / "cell.xsd").write_text(XSD.format(quoteattr(pattern)), encoding="utf-8")
        (tmp_path / "cell.xml").write_text(f"<cell>{examples[0]}</cell>", encoding="utf-8")
        command = [xmllint, "--noout", "--schema", "cell.xsd", "cell.xml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, (where, pattern, done.stderr)


def test_a_pattern_with_alternatives_is_in_parentheses() -> None:
    """frictionless puts ^ before and $ after it."""
    for pattern, where in patterns().items():
        inner = pattern
        while (shorter := re.sub(r"\([^()]*\)", "x", inner)) != inner:
            inner = shorter
        assert "|" not in inner, where


def test_constraints_are_what_frictionless_can_write_to_sql() -> None:
    for where, field in fields():
        constraints = field.get("constraints", {})
        if field["type"] == "date":
            assert not {"minimum", "maximum"} & set(constraints), where
        assert constraints.get("required") or "pattern" not in constraints, where


def some_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Of a table, rows that show the longest text of each column, and its codes and gaps."""
    kept = {0}
    for column in rows[0]:
        places = {row[column]: place for place, row in enumerate(rows)}
        kept.add(places[max(places, key=len)])
        kept |= {place for text, place in places.items() if not text or len(places) <= 40}
    return [rows[place] for place in sorted(kept)]


def test_frictionless_publishes_every_table_to_sqlite(package_copy, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url = f"sqlite:///{tmp_path / 'x.db'}"
    number = 0
    for name in open_package().resources:
        rows = some_rows(package_copy.rows(name))
        package_copy.write_rows(name, rows, refresh=False)
        number += len(rows)
    package_copy.refresh()
    package = frictionless.Package(str(package_copy.path / "datapackage.json"))
    with pytest.warns(sqlalchemy.exc.SAWarning, match="Cannot correctly sort tables"):
        package.publish(url)
    engine = sqlalchemy.create_engine(url)
    names = sqlalchemy.inspect(engine).get_table_names()
    with engine.connect() as connection:
        rows = sum(connection.scalar(sqlalchemy.text(f'SELECT count(*) FROM "{n}"')) for n in names)
    engine.dispose()
    assert sorted(names) == sorted(tip.tables()["name"])
    assert rows == number
