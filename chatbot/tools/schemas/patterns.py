"""Regular expressions of strangers, by an engine whose time grows with the text and no faster.

Python's own never ends with `(a+)+$`, and no other thread runs meanwhile.
"""

import re
from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator
from pydantic_core.core_schema import str_schema

LONGEST = 500  # characters of a pattern
LARGEST = 1_000  # parts, with every {n} written out
LONGEST_TEXT = 2_000  # characters that are looked at: then the worst pattern takes half a second
_MOST_PIECES = 9  # of a value that is looked for in a sentence: ana.li@example.co.uk
_PIECE = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9\s]+")
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{(\d*)(,(\d*))?\}|.", re.DOTALL)
_SPACED = re.compile(r"\(\?[a-zA-Z-]*x")  # then {1 0} may be a repetition too


class UnusablePattern(Exception):
    """It can't be used; the message says why."""


@lru_cache(maxsize=32)
def compiled(pattern: str) -> SchemaValidator:
    """UnusablePattern for one that needs to look around or back, or is too large."""
    shown = pattern if len(pattern) < 60 else f"{pattern[:60]}…"
    if len(pattern) > LONGEST or _SPACED.search(pattern) or _parts(pattern) > LARGEST:
        raise UnusablePattern(f"the pattern {shown!r} is too large")
    try:
        return SchemaValidator(str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        why = str(error).split("error:")[-1].split("\n")[0].strip()
        raise UnusablePattern(f"the pattern {shown!r} can't be used: {why}") from None


def is_match(pattern: str, text: str) -> bool:
    """Whether it is found anywhere in the text. UnusablePattern, also for a text that is too
    long."""
    if len(text) > LONGEST_TEXT:
        raise UnusablePattern(
            f"more than {LONGEST_TEXT} characters are not compared with a pattern"
        )
    return compiled(pattern).isinstance_python(text)


def found(pattern: str, text: str) -> str | None:
    """The first words of the text that are all of what the pattern means, if it can be used."""
    try:
        whole = compiled(f"^(?:{pattern.removeprefix('^').removesuffix('$')})$")
    except UnusablePattern:
        return None
    pieces = list(_PIECE.finditer(text[:LONGEST_TEXT]))
    for number, first in enumerate(pieces):
        for last in reversed(pieces[number : number + _MOST_PIECES]):
            words = text[first.start() : last.end()]
            if whole.isinstance_python(words):
                return words
    return None


def _parts(pattern: str) -> int:
    """How large it is once every counted repetition is written out."""
    sums, last = [0], 0
    for token in _TOKEN.finditer(pattern):
        if token[1] is not None:
            most = int(token[3] or token[1] or 1)
            sums[-1] += last * (most - 1)
            last *= most
        elif token[0] == ")" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
        elif token[0] == "(":
            sums.append(0)
        elif token[0] not in "*+?":
            last = 1
            sums[-1] += 1
    return sum(sums)
