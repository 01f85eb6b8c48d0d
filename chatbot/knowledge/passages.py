"""How an article's text falls into passages. Pure."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from chatbot.knowledge.blocks import Block, blocks

# An answer quotes one passage: about six sentences, what fits a chat bubble without scrolling.
MAX_CHARACTERS = 600
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+")


class Section(NamedTuple):
    """A piece of text and the heading it stands under ("" before the first)."""

    heading: str
    text: str

    @property
    def content_hash(self) -> str:
        """The same for the same words, 128 bits in hex."""
        return sha256(f"{self.heading}\n{self.text}".encode("utf-8", "replace")).hexdigest()[:32]


def split(body: str) -> list[Section]:
    """The passages of a text in order: never across a heading, whole paragraphs where they fit."""
    return [
        Section(heading, text)
        for heading, paragraphs in _by_heading(body)
        for text in _packed(paragraphs)
    ]


def _by_heading(body: str) -> Iterator[tuple[str, list[str]]]:
    heading, paragraphs = "", list[str]()
    for block in blocks(body):
        if block.kind == "heading":
            yield heading, paragraphs
            heading, paragraphs = block.lines[0][:300], []
        else:
            paragraphs.append(_as_text(block))
    yield heading, paragraphs


def _as_text(block: Block) -> str:
    mark = "- " if block.kind == "list" else ""
    return "\n".join(f"{mark}{line}" for line in block.lines)


def _packed(paragraphs: list[str]) -> Iterator[str]:
    packed = ""
    for joint, piece in (found for paragraph in paragraphs for found in _pieces(paragraph)):
        if packed and len(packed) + len(joint) + len(piece) > MAX_CHARACTERS:
            yield packed
            packed = ""
        packed = f"{packed}{joint}{piece}" if packed else piece
    if packed:
        yield packed


def _pieces(paragraph: str) -> Iterator[tuple[str, str]]:
    """(joint, piece): a paragraph; its sentences if it is too long; slices of an endless one."""
    if len(paragraph) <= MAX_CHARACTERS:
        yield "\n\n", paragraph
        return
    joint = "\n\n"
    for sentence in _SENTENCE_END.split(paragraph):
        for start in range(0, len(sentence), MAX_CHARACTERS):
            yield joint, sentence[start : start + MAX_CHARACTERS]
            joint = " " if sentence.isascii() else ""
