"""What the ids in rows name: other ids, and documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from itertools import combinations

from .columns import TextTable


def ids_named(text: TextTable, first_words: Callable[[], Set[str]]) -> Set[str]:
    """The ids that rows have as their own, or lead to."""
    keys = [key.fields[0] for key in text.resource.foreign_keys if key.resource == "ids"]
    names = {"id", *keys} & set(text.columns) if text.resource.name != "ids" else ()
    return frozenset().union(*(text.columns[name].all_texts for name in names))


def documents_named(text: TextTable, first_words: Callable[[], Set[str]]) -> Set[str]:
    """The documents of figures, and those whose ids may be in theirs."""
    if not text.resource.has_figures or not {"id", "source_id"} <= set(text.columns):
        return set()
    row, source = text.columns["id"], text.columns["source_id"]
    named, firsts = set(source.all_texts), first_words()
    for own, document in zip(row.objects(), source.objects(), strict=True):
        if own and f"-{document}-" not in f"-{own}-":
            words = own.split("-")
            if not firsts.isdisjoint(words):
                named |= {run for run in runs(words) if run.partition("-")[0] in firsts}
    return named


def runs(words: Sequence[str]) -> set[str]:
    """The words that follow on each other in an id, with hyphens.

    Examples:
        >>> sorted(runs(["raid", "tip", "2010"]))
        ['2010', 'raid', 'raid-tip', 'raid-tip-2010', 'tip', 'tip-2010']
    """
    ends = combinations(range(len(words) + 1), 2)
    return {"-".join(words[start:end]) for start, end in ends}
