"""How upset a customer sounds, by the words and marks she uses. Pure, the same every time."""

import re
import unicodedata

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST = 2_000  # characters that are looked at
HIGHEST = 20


class Mood(TextChoices):
    """What a person should be prepared for."""

    CALM = "calm", _("calm")
    ANNOYED = "annoyed", _("annoyed")
    UPSET = "upset", _("upset")


# Weight: 4 is enough on its own, 1 only in company. Whole words; Chinese has none, so phrases.
_ENGLISH = {
    4: r"""
        f+u+c+k+\w*|wtf|bullshit|(?:go|rot)\ (?:to|in)\ hell|you\ (?:\w+\ )?(?:idiots?|morons?)
        |i(?:'ll|\ will|'m\ going\ to)\ (?:sue|report)\ you|see\ you\ in\ court
        |(?:file|make|lodge|filing|making)\ (?:a|an|my)\ (?:\w+\ )?complaint|scam(?:mers?)?|fraud
    """,
    3: r"""
        useless|worst|pathetic|disgusting|outrageous|garbage|stupid|idiotic|shit(?:ty)?|furious
        |fed\ up|sick\ of|had\ enough|rip\-?off|never\ (?:again|buy|order)|unacceptable|liars?
        |are\ you\ kidding|shame\ on\ you|(?:third|fourth|fifth|tenth|hundredth)\ time
        |how\ many\ times|over\ and\ over|waste\ of\ (?:my\ )?time
    """,
    2: r"""
        terrible|horrible|awful|ridiculous|angry|annoy(?:ed|ing)|disappoint(?:ed|ing)|frustrat\w+
        |upset|rude|nonsense|crap|damn|hate|complain(?:t|ing)?|second\ time|already\ told
        |keep\ (?:asking|telling|saying)|doesn't\ help|no\ help\ at\ all
    """,
    1: r"""
        seriously|still\ (?:(?:has|have|is|am)\ )?(?:not|no|waiting)|again\ and\ again|come\ on
        |hopeless|fail(?:ed|s)?
    """,
}
_CHINESE = {
    4: r"""
        气死|他妈|妈的|操你|傻[逼比叉]|滚蛋|去死|我要投诉|投诉你|要投诉|投诉电话|12315|消协|起诉|法院见|骗子|诈骗
    """,
    3: r"""
        垃圾|忍无可忍|受够了|太过分|欺骗|坑人|黑店|恶心|火大|愤怒|气人|太差劲|什么破|有病|废物|智障|没完没了|投诉
        |第(?:[三四五六七八九十]|\d{1,2})[次遍回]|[几多好][次遍](?:都|了)|说了多少[次遍]
        |到底(?:行不行|管不管|有没有人)
    """,
    2: r"""
        差评|生气|失望|无语|敷衍|态度(?:太|很|真)?差|糟糕|答非所问|听不懂人话|烦死|很烦|太烦|不像话
        |搞什么|玩我|耍我
    """,
    1: r"怎么回事|还没|到底|又是|一直不|烦",
}
_MARKS = [
    (2, re.compile(r"[!?]{3,}")),
    (1, re.compile(r"(?<![!?])[!?]{2}(?![!?])")),
    (2, re.compile(r"😡|🤬|😠|💢")),
]
# Not anger: "not angry", "no complaint", "不生气".
_DENIED = re.compile(
    r"\b(?:not|no|never|isn't|wasn't|don't|without) (?:\w+ )?(?:angry|upset|complain\w*|annoyed)\b"
    r"|(?:不|没|没有|别)(?:是|要|想)?(?:生气|投诉|失望)|不是(?:要|来)?投诉|投诉建议|如何投诉|怎么投诉",
)


def _compiled(words: dict[int, str], *, whole: bool) -> list[tuple[int, re.Pattern[str]]]:
    edge = r"\b" if whole else ""
    return [
        (weight, re.compile(rf"{edge}(?:{pattern}){edge}", re.VERBOSE))
        for weight, pattern in words.items()
    ]


_WORDS = [*_compiled(_ENGLISH, whole=True), *_compiled(_CHINESE, whole=False)]


def intensity(text: str) -> int:
    """0 for calm words up to HIGHEST; each strong word, each kind of mark and shouting adds."""
    said = unicodedata.normalize("NFKC", text[:LONGEST]).replace("’", "'")
    lower = _DENIED.sub(" ", said.lower())
    words = 0
    for weight, pattern in _WORDS:
        lower, hits = pattern.subn(" ", lower)  # "我要投诉" is not "投诉" as well
        words += weight * min(hits, 3)
    marks = sum(weight for weight, pattern in _MARKS if pattern.search(said))
    return min(words + marks + (2 if _shouts(said) else 0), HIGHEST)


def mood_of(text: str, *, upset_from: int) -> Mood:
    """The mood of a message; annoyed from half of what counts as upset."""
    found = intensity(text)
    if found >= upset_from:
        return Mood.UPSET
    return Mood.ANNOYED if found and found * 2 >= upset_from else Mood.CALM


def _shouts(said: str) -> bool:
    letters = [letter for letter in said if letter.isascii() and letter.isalpha()]
    loud = sum(letter.isupper() for letter in letters)
    return len(letters) >= 12 and loud >= 0.8 * len(letters)
