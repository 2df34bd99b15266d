"""Search: what words find, in which order, and what is said of words that find nothing."""

from __future__ import annotations

import pytest

import cambodia_tip as tip
from cambodia_tip.reading.search import fold

COLUMNS = ["table", "id", "label", "value", "period", "reporter", "quote"]


def ids(text: str, **options: str) -> list[str]:
    return tip.search(text, **options)["id"].to_list()


def test_memoranda_with_vietnam_come_first() -> None:
    found = tip.search("vietnam memorandum")
    assert list(found.columns) == COLUMNS
    assert {
        "agreement-2005-vietnam-women-and-children",
        "agreement-2009-vietnam-identification",
    } <= set(found["id"].head(4))
    names = found["label"].head(4).str.lower()
    assert (names.str.contains("vietnam") & names.str.contains("memorand")).all()


def test_a_figure_is_found_with_its_value_period_and_reporter() -> None:
    found = tip.search("repatriated victims Malaysia 2017").set_index("id")
    row = found.loc["repatriation-2018-mfaic-2017-malaysia"]
    assert (row["value"], row["period"], row["quote"]) == (
        "382 persons",
        "2017",
        "382 victims from Malaysia",
    )
    assert row["reporter"].startswith("Ministry of Foreign Affairs")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("labor", "labour"),
        ("program", "programmes"),
        ("organization", "organisations"),
        ("memorandum", "memorandums"),
        ("tier", "rating tier"),
        ("prison", "jail"),
        ("imprisonment", "prison"),
        ("returns", "repatriation"),
        ("returned", "repatriated"),
        ("convictions", "convicted"),
        ("jailed", "imprisoned"),
        ("rated", "tiers"),
        ("Woman", "women"),
        ("cables", "wikileaks"),
    ],
)
def test_spellings_plurals_and_synonyms_are_the_same(one: str, other: str) -> None:
    assert set(ids(other)) & set(ids(one))
    if " " not in other:
        assert set(ids(one)) == set(ids(other))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Defence centre", "defense center"),
        ("four hours", "four hours"),
        ("labelled, labourers", "labeled laborers"),
        ("Licences, judgements", "licenses judgments"),
        ("practise, analysed, Viet Nam", "practice analyzed vietnam"),
        ("promised", "promized"),  # the same in records and searches, and shown nowhere
    ],
)
def test_british_spelling_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_all_words_count() -> None:
    both = set(ids("brick kilns"))
    assert both
    assert both <= set(ids("brick")) & set(ids("kilns"))


def test_an_abbreviation_finds_the_figures_of_its_office() -> None:
    assert "repatriation-2018-mosavy-2017-total" in ids("MOSAVY repatriations 2017")


def test_official_records_can_be_searched_alone() -> None:
    cable = "agreement-2009-vietnam-identification"
    assert cable in ids("vietnam identification")
    assert cable not in ids("vietnam identification", standing="official")
    assert cable in ids("vietnam identification", standing="leaked")
    assert "VNM" in ids("vietnam", standing="official")  # a code has no document
    with pytest.raises(tip.UnknownNameError, match="official"):
        tip.search("vietnam", standing="offical")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many people were convicted?", "people convicted"),
        ("who was arrested in 2017", "arrested 2017"),
        ("repatriated from Malaysia", "repatriated Malaysia"),
        ("memorandum with Viet Nam", "memorandum Vietnam"),
    ],
)
def test_words_that_only_a_question_has_do_not_count(question: str, words: str) -> None:
    assert ids(question) == ids(words) != []


def test_little_words_alone_are_looked_up() -> None:
    assert ids("the") != []


def test_organs_are_not_organizations() -> None:
    found = ids("organs")
    assert "victims-hrr-2023-organ-removal" in found
    assert not {"persons_trained", "national-committee-for-counter-trafficking"} & set(found)


def test_words_of_a_quote_come_before_those_of_a_note() -> None:
    found = tip.search("sentence")
    seen = (found["label"] + " " + found["quote"].fillna("")).str.contains("sentenc", case=False)
    assert len(found) > 500
    assert seen.head(60).sum() == seen.sum() > 40


@pytest.mark.parametrize("id_", ["USA", "repatriation-2018-mfaic-2017-malaysia"])
def test_a_record_is_found_by_its_id(id_: str) -> None:
    assert ids(id_)[0] == id_


def test_what_was_found_leads_to_evidence_and_codes_say_why_not() -> None:
    found = tip.search("conviction")
    assert len(tip.evidence(found.dropna(subset="quote"))) > 20
    with pytest.raises(tip.UnknownNameError, match=r"is a code of indicators.*dropna\(subset="):
        tip.evidence(found)


def test_no_match_is_an_empty_frame_with_the_same_columns() -> None:
    assert tip.search("qqqqqq").columns.to_list() == COLUMNS
    assert tip.search("Myanmar Winrock").empty


@pytest.mark.parametrize(("word", "hint"), [("vietnm", "vietnam"), ("brothal", "brothel")])
def test_an_unknown_word_suggests_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(tip.UnknownNameError, match=f"'{word}'; did you mean '{hint}'"):
        tip.search(f"{word} 2017")


@pytest.mark.parametrize("text", ["", "  ", "!?", '"'])
def test_a_search_without_words_is_an_error(text: str) -> None:
    with pytest.raises(tip.EmptySearchError, match="at least one word"):
        tip.search(text)


@pytest.mark.parametrize(
    "text", ['tier" OR "x', "NEAR(tier)", "tier*", "label: tier", "(tier", "tier\0"]
)
def test_no_text_is_a_query_language(text: str) -> None:
    tip.search(text.replace("x", "tier"))


def test_text_is_asked_for() -> None:
    with pytest.raises(TypeError, match="text must be a str"):
        tip.search(3)  # type: ignore[arg-type]
