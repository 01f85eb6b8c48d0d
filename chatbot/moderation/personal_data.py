"""Numbers that belong to a person, found and hidden in any text. Pure: it asks nobody."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

LONGEST = 19  # digits of a bank card's number
SPREAD = 4 * LONGEST  # characters over which so many digits may be spread


class Kind(StrEnum):
    """What a number is of."""

    PHONE = "phone"
    IDENTITY_CARD = "identity_card"
    BANK_CARD = "bank_card"


EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True)
class Number:
    """Found at text[start:end]; `shown` is what may stand there instead."""

    kind: Kind
    start: int
    end: int
    shown: str


Group = re.Match[str]

# Nine digits, however written: without them there is nothing to find.
_ENOUGH = re.compile(r"(?:[0-9０-９][^0-9０-９A-Za-z]{0,3}){9}")
# Full width becomes half width, length for length: what is found here is found there.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．＋－ＸｘX（）\u3000", "0123456789.+-xxx() ")
_GAP = r" \-\u00a0\u00ad\u2000-\u200d\u2010-\u2015\u2060\ufeff()"
_JOINT = re.compile(f"[{_GAP}]{{1,3}}")
# A number of its own: no part of a word, of an amount with decimals.
_GROUP = re.compile(r"(?<![A-Za-z0-9_])(?<![0-9]\.)[0-9]+x?(?![A-Za-z0-9_])(?!\.[0-9])")
# "138.1234.5678": at least two points, so that it is no amount.
_DOTTED = re.compile(r"(?<![A-Za-z0-9_.])[0-9]{3,8}(?:\.[0-9]{3,8}){2,4}x?(?![A-Za-z0-9_]|\.[0-9])")
_ABROAD = re.compile(
    rf"(?<![A-Za-z0-9_+])\(?\+[1-9](?:[{_GAP}.]{{0,3}}[0-9]){{8,14}}(?![A-Za-z0-9_])"
)
_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9][0-9]{9})")
_CARD = re.compile(r"(?:[3456]|9558|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))[0-9]{11,18}")
_IDENTITY = re.compile(
    r"(?:[1-6][0-9]|71|8[1-3]|91)[0-9]{4}((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9x]"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mask(text: str, kinds: Collection[Kind] = EVERY_KIND) -> str:
    """The text with every such number hidden, but for what tells two of them apart."""
    parts, at = [], 0
    for number in find(text, kinds):
        parts += [text[at : number.start], number.shown]
        at = number.end
    return "".join([*parts, text[at:]])


def find(text: str, kinds: Collection[Kind] = EVERY_KIND) -> list[Number]:
    """The numbers in their order; none lies in another."""
    if not _ENOUGH.search(text):
        return []
    plain = _DOTTED.sub(lambda dotted: dotted[0].replace(".", "-"), text.translate(_HALF_WIDTH))
    found = [_abroad(match) for match in _ABROAD.finditer(plain)]
    for number in found:
        taken = "_" * (number.end - number.start)
        plain = plain[: number.start] + taken + plain[number.end :]
    found += [number for run in _runs(plain) for number in _in_run(plain, run)]
    return sorted((each for each in found if each.kind in kinds), key=lambda each: each.start)


def _runs(plain: str) -> Iterator[list[Group]]:
    """Groups of digits that may be one number: little stands between each and the next."""
    groups = list(_GROUP.finditer(plain))
    run = groups[:1]
    for before, group in pairwise(groups):
        if not _JOINT.fullmatch(plain, before.end(), group.start()):
            yield run
            run = []
        run.append(group)
    yield run


def _in_run(plain: str, run: list[Group]) -> Iterator[Number]:
    """From the left, the longest number that begins with each group."""
    part_of_code = _is_part_of_code(plain, run)
    first = 0
    while first < len(run):
        found = None
        for last, digits in _joined(run, first):
            number = _number(digits, run[first].start(), run[last].end())
            if number and not (part_of_code and number.kind is Kind.BANK_CARD):
                found, next_first = number, last + 1
        if found:
            yield found
        first = next_first if found else first + 1


def _joined(run: list[Group], first: int) -> Iterator[tuple[int, str]]:
    """The digits from that group on to each later one, while they are not too many."""
    digits = ""
    for last in range(first, len(run)):
        digits += run[last][0]
        if len(digits) > LONGEST:
            return
        yield last, digits


def _is_part_of_code(plain: str, run: list[Group]) -> bool:
    """Whether letters are tied to it by a dash, as in an article's number or a UUID."""
    if not run:
        return False
    before, after = plain[: run[0].start()][-2:], plain[run[-1].end() :][:2]
    tied = before[1:] == "-" and before[0].isalnum(), after[:1] == "-" and after[1:].isalnum()
    return any(tied)


def _number(digits: str, start: int, end: int) -> Number | None:
    if mobile := _MOBILE.fullmatch(digits):
        return Number(Kind.PHONE, start, end, _hidden(mobile[1], 3))
    if _is_identity(digits):
        return Number(Kind.IDENTITY_CARD, start, end, _hidden(digits.upper(), 3, whole=True))
    if _CARD.fullmatch(digits) and _has_luhn_sum(digits):
        return Number(Kind.BANK_CARD, start, end, _hidden(digits, 0, whole=True))
    return None


def _abroad(match: Group) -> Number:
    digits = re.sub(r"[^0-9]", "", match[0])
    if digits.startswith("86") and (mobile := _MOBILE.fullmatch(digits)):
        return Number(Kind.PHONE, match.start(), match.end(), f"+86 {_hidden(mobile[1], 3)}")
    return Number(Kind.PHONE, match.start(), match.end(), f"+{digits[:2]}****{digits[-2:]}")


def _hidden(digits: str, head: int, *, whole: bool = False) -> str:
    """The first `head` and the last four; a star for each between them if `whole`, else four."""
    stars = len(digits) - head - 4 if whole else 4
    return digits[:head] + "*" * stars + digits[-4:]


def _has_luhn_sum(digits: str) -> bool:
    numbers = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[1::2])
    return (sum(numbers[::2]) + sum(doubled)) % 10 == 0


def _is_identity(digits: str) -> bool:
    """Eighteen, with a day of birth in them and the check digit of ISO 7064."""
    match = _IDENTITY.fullmatch(digits)
    if match is None or not _is_day(*map(int, match.groups())):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == digits[-1]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
