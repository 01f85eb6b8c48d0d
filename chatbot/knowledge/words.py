"""From text to the words an index counts: Chinese characters and pairs of them, English stems."""

import re
import unicodedata

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:'[^\W\d_{_HAN}]+)?")
_SPELLINGS = {
    "’": "'",
    "e-mail": "email",
    "sign-in": "login",
    "sign in": "login",
    "log in": "login",
}

_ENGLISH_STOP_WORDS = frozenset(
    """
    a an the and or but if of to in on at by for with from as is are was were be been being am do
    does did don done have has had having i me my mine we us our ours you your yours it its this
    that these those there here he she his her him they them their what which who whom whose how
    when where why can could will would shall should may might must no nor not so too very just
    about into over than then once please hi hello hey thanks thank want need like get got let tell
    know ask im ive id ill dont doesnt didnt cant couldnt isnt arent wont wasnt whats hows wheres
    whens any some also still yet already one ones thing things stuff use go goes going make makes
    made put take takes took give given really anymore anything something someone much many lot bit
    ever now today however since each other way able possible
    """.split()  # noqa: SIM905 - a hundred and fifty quoted words would be harder to read
)
_CHINESE_STOP_CHARACTERS = frozenset(
    "的了吗呢吧啊呀嘛么是我你您他她它们这那有在和与及或也都就还很请问怎样如何什哪谁"
    "个把被给让对从到为以可能会要想得地着过再又没不一"
)
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))


def words(text: str) -> list[str]:
    """The words that carry meaning, in order, repetitions kept; empty for "?!" or "what is it"."""
    found: list[str] = []
    pair_starts_at: tuple[str, int] | None = None
    for match in _WORD.finditer(_plain(text)):
        word = match.group()
        if not _HAN_CHARACTER.match(word):
            pair_starts_at = None
            found += _english(word)
            continue
        if pair_starts_at and pair_starts_at[1] == match.start():
            found.append(pair_starts_at[0] + word)
        pair_starts_at = (word, match.end())
        if word not in _CHINESE_STOP_CHARACTERS:
            found.append(word)
    return found


def wording(text: str) -> str:
    """The text without case, punctuation and spaces: the same for the same question."""
    return "".join(_WORD.findall(_plain(text)))


def is_pair(word: str) -> bool:
    """Two Chinese characters: counted besides the single ones, as 退货 says more than 退 and 货."""
    return len(word) == 2 and _HAN_CHARACTER.match(word) is not None


def language_of(text: str, fallback: str) -> str:
    """Which of zh-hans and en a text is in, by its script; `fallback` for "👍", "12" and such."""
    characters = len(_HAN_CHARACTER.findall(text))
    latin = len(_LATIN_WORD.findall(_HAN_CHARACTER.sub(" ", text)))
    if not characters and not latin:
        return fallback
    # A Chinese word has about two characters; product names in Latin letters don't make it English.
    return "zh-hans" if characters * 2 >= max(latin, 1) else "en"


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    for spelling, usual in _SPELLINGS.items():
        plain = plain.replace(spelling, usual)
    return plain


def _english(word: str) -> list[str]:
    bare = word.removesuffix("'s").replace("'", "")
    return [] if bare in _ENGLISH_STOP_WORDS else [_stem(bare)]


def _stem(word: str) -> str:
    """Cut the commonest endings, so that "shipped", "ships" and "shipping" are one word."""
    if len(word) <= 3:
        return word
    for suffix, instead in _SUFFIXES:
        rest = len(word) - len(suffix)
        if rest >= 3 and word.endswith(suffix) and not (suffix == "s" and word[-2] in "su"):
            word = word[:rest] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
