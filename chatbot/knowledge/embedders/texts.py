"""Which texts of a knowledge base are embedded. Pure."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from chatbot.knowledge.embedders.embedding import Kind, readable
from chatbot.knowledge.embedders.everyday import Everyday, everyday

# Another one when texts are put together differently: all are then embedded anew.
RECIPE = "1"


class Text(NamedTuple):
    """A text as it is embedded."""

    kind: Kind
    text: str

    @property
    def key(self) -> str:
        """128 bits in hex, the same for the same text and kind."""
        return sha256(f"{RECIPE}{self.kind}{self.text}".encode()).hexdigest()[:32]


def asked(text: str) -> Text:
    """A title or another wording: compared with a question as one question with another."""
    return Text(Kind.QUESTION, readable(text, Kind.QUESTION))


def named(title: str, text: str) -> Text:
    """A passage under its article's title."""
    return Text(Kind.PASSAGE, readable(f"{title}\n{text}", Kind.PASSAGE))


def said(text: str) -> Text:
    """A passage alone."""
    return Text(Kind.PASSAGE, readable(text, Kind.PASSAGE))


class Wanted(NamedTuple):
    """The texts of one passage; `wordings` are its article's title and other wordings."""

    wordings: tuple[Text, ...]
    named: Text
    said: Text

    def texts(self) -> Iterator[Text]:
        """Those that say something."""
        yield from (text for text in (*self.wordings, self.named, self.said) if text.text)


def wanted(title: str, wordings: Iterable[str], heading: str, text: str) -> Wanted:
    """What is embedded of a passage."""
    body = f"{heading}\n{text}"
    ways = tuple(dict.fromkeys(way for each in (title, *wordings) if (way := asked(each)).text))
    return Wanted(ways, named(title, body), said(body))


class Usual(NamedTuple):
    """The texts of one everyday question."""

    question: Text
    title: Text
    named: Text
    said: Text


def usual(language: str) -> list[Usual]:
    """The everyday texts of a language."""
    return [_usual(row) for row in everyday(language)]


def _usual(row: Everyday) -> Usual:
    return Usual(
        asked(row.question), asked(row.title), named(row.title, row.answer), said(row.answer)
    )
