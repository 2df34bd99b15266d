"""Match the patterns of strangers in bounded time.

Python's `re` tries every way to match a text, which takes forever for a pattern like ``(a+)+b``.
It is used for the patterns of the installed package and for simple ones. For others there is RE2
(https://github.com/google/re2), whose time grows with the length of the text only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from .opening import open_package

LONGEST = 1000
"""Longer texts do not match a simple pattern of a stranger."""
_MOST_VARYING = 2
_FIXED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""One character of a text: escaped, or of a class."""
_VARYING = re.compile(r"[*+?]|\{\d*,\d*\}")
_GROUP = re.compile(r"\(([^()]*)\)")

Match = Callable[[str], object]
TOO_SLOW = (
    "may take too long and is not tried; write it without repeats within repeats, "
    'or install RE2: python -m pip install "cambodia-tip[re2]"'
)
"""What a message says of a pattern without a matcher."""


@cache
def matcher(pattern: str) -> Match | None:
    """What matches a whole text with a pattern; None if that takes RE2, which is not installed.

    Examples:
        >>> [bool(match("ab")) for match in map(matcher, ("[a-z]+", "[a-z]"))]
        [True, False]
    """
    match = re.compile(pattern).fullmatch
    if pattern in _known():
        return match
    if is_simple(pattern):
        return lambda text: len(text) <= LONGEST and match(text)
    try:
        import re2
    except ModuleNotFoundError:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options).fullmatch  # type: ignore[no-any-return]
    except re2.error:
        return None


@cache
def _known() -> frozenset[str]:
    """The patterns of the installed package."""
    fields = (field for table in open_package().resources.values() for field in table.fields)
    return frozenset(f.constraints["pattern"] for f in fields if "pattern" in f.constraints)


def is_simple(pattern: str) -> bool:
    """Whether a pattern has few repeats, and none within a repeat.

    Examples:
        >>> is_simple("[A-Z]{3}|[a-z]+-[0-9]+"), is_simple("([a-z]+)+x"), is_simple("(a|b)*")
        (True, False, False)
    """
    plain = _FIXED.sub("x", pattern)
    if len(_VARYING.findall(plain)) > _MOST_VARYING:
        return False
    while found := _GROUP.search(plain):
        varies = _VARYING.search(found[1]) or "|" in found[1]
        if varies and plain[found.end() : found.end() + 1] in ("*", "+", "?", "{"):
            return False
        plain = plain[: found.start()] + ("x?" if varies else "x") + plain[found.end() :]
    return True
