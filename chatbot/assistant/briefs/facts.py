"""What a customer has said of herself and her matter, found in her own words. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

MOST = 8
_LONGEST_VALUE = 80

_KINDS: list[tuple[str, re.Pattern[str]]] = [
    (
        "order",
        re.compile(
            r"(?:\border\s*(?:number|no\.?|id)?\s*(?:is|:|：|#)?\s*#?|订单(?:编?号)?\s*(?:是|为|:|：|#)?\s*)"
            r"([A-Z]{0,4}-?\d[\dA-Z-]{3,24})(?![\w-])",
            re.IGNORECASE,
        ),
    ),
    (
        "tracking",
        re.compile(
            r"(?:\b(?:tracking|waybill|parcel)\s*(?:number|no\.?|id|code)?\s*(?:is|:|：|#)?\s*#?"
            r"|(?:快递|运|物流)单号\s*(?:是|为|:|：)?\s*)([A-Z]{0,4}\d[\dA-Z]{5,24})(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "amount",
        re.compile(
            r"([¥￥$€£]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:元|块钱|yuan|RMB|USD|EUR))"
        ),
    ),
    ("email", re.compile(r"([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")),
    ("phone", re.compile(r"(?<![\d*])(1[3-9]\d[\d*]{4}\d{4})(?![\d*])")),
]


@dataclass(frozen=True)
class Fact:
    """`label` is a code of `words`, or a model's own word. `confirmed`: it stands in the customer's
    own words, or she gave it when she came."""

    label: str
    value: str
    confirmed: bool

    def data(self) -> dict[str, object]:
        return asdict(self)


def facts_in(texts: Iterable[str]) -> list[Fact]:
    """The facts in what she said, each once."""
    found = {
        (label, value.strip()): None
        for text in texts
        for label, pattern in _KINDS
        for value in pattern.findall(text[:4_000])
    }
    return [Fact(label, value[:_LONGEST_VALUE], confirmed=True) for label, value in found][:MOST]


def is_said(value: str, texts: Sequence[str]) -> bool:
    """Whether she said exactly that, whatever anyone else makes of it."""
    wanted = " ".join(value.lower().split())
    return bool(wanted) and any(wanted in " ".join(text.lower().split()) for text in texts)
