"""Web and e-mail addresses in an answer: those that were given stay, made-up ones go. Pure."""

import re
from collections.abc import Iterable

LEFT_OUT = "[…]"
_EMAIL = re.compile(r"(?<![\w.+/@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w/:@-])", re.ASCII)
# ASCII, as Chinese text follows without a space. Of words with dots only those with a path or a
# well-known ending: "2.5kg" and "e.g." are none.
_ADDRESS = re.compile(
    r"""
    https?://[!-~]+
    |[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    |(?<![\w@.-])www\.[!-~]+
    |(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+
        (?:(?:com|net|org|cn|info|biz|io|co|me|app|dev|top|xyz|vip|shop|site|online|club|cc|tk|ru)
            (?![\w-])(?:[:/?\#][!-~]*)?
        |[a-z]{2,}/[!-~]+)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_AFTER_IT = re.compile(r"""[.,;:!?'"*_`)\]}>]+$""")
# The word that is still being written, and may become an address.
_UNFINISHED = re.compile(r"[!-~]+\Z")


def given_in(texts: Iterable[str]) -> frozenset[str]:
    """The addresses in what an answer may stand on."""
    return frozenset(_plain(_bare(found[0])) for text in texts for found in _ADDRESS.finditer(text))


def emails_in(texts: Iterable[str]) -> frozenset[str]:
    """Of a customer's words only these: she may be told which of hers is meant."""
    return frozenset(_plain(found) for text in texts for found in _EMAIL.findall(text))


def only_given(text: str, given: frozenset[str]) -> str:
    """The text without the addresses that are not among these."""

    def kept(found: re.Match[str]) -> str:
        address = _bare(found[0])
        return found[0] if _plain(address) in given else LEFT_OUT + found[0][len(address) :]

    return _ADDRESS.sub(kept, text)


class OnlyGiven:
    """The same for a text that comes in pieces: what may become an address is held back."""

    def __init__(self, given: frozenset[str]) -> None:
        self._given, self._held = given, ""

    def feed(self, delta: str) -> str:
        self._held += delta
        unfinished = _UNFINISHED.search(self._held)
        until = unfinished.start() if unfinished else len(self._held)
        shown, self._held = self._held[:until], self._held[until:]
        return only_given(shown, self._given)

    def close(self) -> str:
        shown, self._held = self._held, ""
        return only_given(shown, self._given)


def _bare(found: str) -> str:
    """Without what the sentence adds: "(https://shop.example/terms)." ends with "terms"."""
    return _AFTER_IT.sub("", found)


def _plain(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.casefold()).rstrip("/")
