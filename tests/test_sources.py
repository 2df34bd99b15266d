"""The tables against the documents themselves; needs CAMBODIA_TIP_SOURCES."""

from __future__ import annotations

import hashlib
import re

import pandas as pd

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
from cambodia_tip.parsing.passages import Passage, divide, fold


def divided(sources: dict[str, str]) -> dict[tuple[str, str], Passage]:
    division = tip.load("sources").set_index("source_id")["division"]
    return {
        (source, passage.passage): passage
        for source, text in sources.items()
        for passage in divide(text, division[source])
    }


def quotes() -> list[tuple[str, str, str, str]]:
    """(what, source, passage, quote) for every quote in every table."""
    found = []
    for name, resource in open_package().resources.items():
        frame = tip.load(name)
        columns = [c for c in frame.columns if c.endswith("quote")]
        if not columns:
            continue
        key = frame[list(resource.primary_key)].agg(", ".join, axis=1)
        for column in columns:
            for row, source, passage, quote in zip(
                key, frame["source_id"], frame["passage"], frame[column], strict=True
            ):
                if not pd.isna(quote):
                    found.append((f"{name}, {row}, {column}", source, passage, quote))
    return found


def test_passages_are_those_of_the_documents(sources: dict[str, str]) -> None:
    decided = ["in_scope", "out_of_scope_reason"]
    expected = tip.load("passages").sort_values(["source_id", "position"])
    expected = expected[expected["source_id"].isin(list(sources))]
    in_scope = expected.set_index(["source_id", "passage"])["in_scope"]
    expected = expected.drop(columns=decided)
    found = [
        (source, p.passage, p.position, p.kind, p.heading)
        + ((p.words, p.text_hash) if in_scope[source, p.passage] else ("", ""))
        for (source, _), p in sorted(
            divided(sources).items(), key=lambda i: (i[0][0], i[1].position)
        )
    ]
    assert found == [
        tuple("" if pd.isna(cell) else cell for cell in row)
        for row in expected.itertuples(index=False)
    ]


def test_every_quote_is_found_word_for_word_in_its_passage(sources: dict[str, str]) -> None:
    passages = divided(sources)
    missing = [
        what
        for what, source, passage, quote in quotes()
        if not re.search(
            rf"(?<!\w){re.escape(fold(quote))}(?!\w)", fold(passages[source, passage].text)
        )
    ]
    assert missing == []


def test_no_quote_is_a_whole_sentence(sources: dict[str, str]) -> None:
    passages = divided(sources)
    sentences = {
        sentence.strip(" .?!")
        for passage in passages.values()
        if passage.kind in ("paragraph", "question")
        for sentence in re.split(r"(?<=[.?!])\s+(?![a-z])", fold(passage.text))
    }
    assert [what for what, _, _, quote in quotes() if fold(quote).strip(" .?!") in sentences] == []


def test_charges_are_printed_in_their_passage(sources: dict[str, str]) -> None:
    passages = divided(sources)
    for table in ("enforcement_stats", "penalties"):
        frame = tip.load(table).dropna(subset=["charge_as_printed"])
        missing = [
            (row.id, row.charge_as_printed)
            for row in frame.itertuples()
            for part in row.charge_as_printed.split("; ")
            if fold(part) not in fold(passages[row.source_id, row.passage].text)
        ]
        assert missing == []


def _prints(text: str, years: list[str]) -> bool:
    """Whether a text prints these years; those of a plan's name date the plan alone."""
    for plan in re.findall(r"\((\d{4})\s*\W\s*(\d{4})\)", text):
        text = text if list(plan) == years else re.sub(r"\W*".join(plan), "", text)
    return all(re.search(rf"\b{year}\b", text) for year in years)


def test_a_period_is_stated_where_its_passage_prints_the_year(sources: dict[str, str]) -> None:
    passages = divided(sources)
    measures = tip.load("indicators").set_index("indicator")["measure"]
    for name, resource in open_package().resources.items():
        if not {"period_basis", "indicator"} <= set(resource.field_names):
            continue
        frame = tip.load(name).dropna(subset=["period_basis"])
        wrong = []
        for row in frame.itertuples():
            days = [day for day in (row.period_start, row.period_end) if not pd.isna(day)]
            passage = passages[row.source_id, row.passage]
            years = [str(day.year) for day in days]
            # the head of a column dates whatever is in it, a sentence only what happened
            is_dated = [_prints(text, years) for text in (passage.heading, passage.text)]
            if row.period_basis == "stated":
                is_wrong = not _prints(f"{passage.heading} {passage.text}", years)
            else:  # a year of another thing in the passage dates nothing, as a note says
                is_told = measures[row.indicator] == "stock" or not pd.isna(row.note)
                is_wrong = is_dated[0] or (is_dated[1] and not is_told)
            if is_wrong:
                wrong.append(row.id)
        assert wrong == []


def test_the_texts_are_those_that_were_coded(sources: dict[str, str]) -> None:
    for row in tip.load("sources").dropna(subset=["bytes"]).itertuples():
        content = sources[row.source_id].encode()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row.bytes, row.sha256)


def test_no_table_quotes_the_sender_of_a_cable(sources: dict[str, str]) -> None:
    for source, text in sources.items():
        last = text.split()[-1]
        if source.startswith("cable") and last.isupper():
            for name in open_package().resources:
                frame = tip.load(name).astype(str)
                assert not frame.apply(lambda c, n=last: c.str.contains(n, case=False)).any().any()
