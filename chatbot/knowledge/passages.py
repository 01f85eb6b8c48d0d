"""How an article's text falls into passages. Pure."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from chatbot.knowledge.blocks import Block, parts

# An answer quotes one passage: about six sentences, what fits a chat bubble without scrolling.
MAX_CHARACTERS = 600
LONGEST_HEADING = 300
BETWEEN = " > "
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+")


class Section(NamedTuple):
    """A piece of text and the headings it stands under, outermost first (none before the first)."""

    path: tuple[str, ...]
    text: str

    @property
    def heading(self) -> str:
        """The headings as one, "Returns > Abroad"; of too many the innermost are kept."""
        kept = ""
        for heading in reversed(self.path):
            longer = f"{heading}{BETWEEN}{kept}" if kept else heading
            if len(longer) > LONGEST_HEADING:
                break
            kept = longer
        return kept

    @property
    def content_hash(self) -> str:
        """The same for the same words under the same heading, 128 bits in hex.

        What stands above that heading does not count: a section that moves stays the same.
        """
        heading = self.path[-1] if self.path else ""
        return sha256(f"{heading}\n{self.text}".encode("utf-8", "replace")).hexdigest()[:32]


def split(body: str) -> list[Section]:
    """The passages of a text in order: never across a heading, whole paragraphs where they fit."""
    return [
        Section(path, text)
        for path, paragraphs in _by_heading(body)
        for text in _packed(paragraphs)
    ]


def _by_heading(body: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    above: list[tuple[int, str]] = []  # level and words of the headings we are under
    paragraphs = list[str]()
    for part in parts(body):
        if part[0].kind != "heading":
            paragraphs.append("\n".join(map(_as_text, part)))
            continue
        yield tuple(words for _, words in above), paragraphs
        level, words = part[0].level, part[0].lines[0][:LONGEST_HEADING]
        above = [*(each for each in above if each[0] < level), (level, words)]
        paragraphs = []
    yield tuple(words for _, words in above), paragraphs


def _as_text(block: Block) -> str:
    if block.kind == "steps":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(block.lines, 1))
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
