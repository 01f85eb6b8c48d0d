"""Question sets in files: articles, questions and off-topic questions, judged without a tenant."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from chatbot.evaluation.measures import Question
from chatbot.knowledge.embedders import texts
from chatbot.knowledge.embedders.everyday import languages
from chatbot.knowledge.meaning import Known, MeaningIndex, common_of_questions
from chatbot.knowledge.passages import split
from chatbot.knowledge.retrieval import Document, KeywordIndex
from chatbot.knowledge.shelves import Catalogue, Entry, Shelf
from chatbot.knowledge.words import language_of

SHIPPED = Path(__file__).with_name("sets")

EmbedAll = Callable[[list[texts.Text]], Known]
"""From texts to their vectors, by their keys."""


class NotASet(ValueError):
    """The file holds something else; says what."""


@dataclass(frozen=True)
class Article:
    """What a file says about one matter."""

    key: str
    language: str
    title: str
    text: str
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileSet:
    """A read file; `part` of a question is what it may be used for, such as `held_out`."""

    articles: tuple[Article, ...]
    questions: tuple[Question, ...]

    @property
    def documents(self) -> list[tuple[str, str, Document]]:
        return [(a.key, a.language, Document(a.title, a.text, a.wordings)) for a in self.articles]


def read(path: Path, *, part: str = "") -> FileSet:
    """The set in a file; only questions of that `part`, if one is given. Raises NotASet.

    {"articles": [{"id", "language", "title", "text", "wordings"?}], "questions": [{"text",
    "article", "group"?, "part"?}], "off_topic": [{"text", ...} or a text]}; `lang`, `question` and
    `answer` are other words for `language`, `title` and `text`.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        articles = tuple(_article(row) for row in body["articles"])
        rows = [*body["questions"], *map(_off_topic, body.get("off_topic", []))]
        questions = [_question(row) for row in rows if part in ("", row.get("part"))]
        parts = {str(row["part"]) for row in rows if "part" in row}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotASet(f"{path}: {type(error).__name__}: {error}") from error
    if part and not questions:
        raise NotASet(f"{path}: no part {part!r}; there are: {', '.join(sorted(parts)) or 'none'}")
    if missing := {q.expected for q in questions} - {None, *(a.key for a in articles)}:
        raise NotASet(f"{path}: no such articles: {', '.join(sorted(map(str, missing)))}")
    return FileSet(articles, tuple(questions))


def catalogue_of(found: FileSet, embed: EmbedAll | None = None) -> Catalogue:
    """An index of its articles for the moment, searched as a tenant's is."""
    spread = [(article, wanted) for article in found.articles for wanted in _passages(article)]
    known = embed(_needed(wanted for _, wanted in spread)) if embed else {}
    shelves = {
        language: _shelf(language, [row for row in spread if row[0].language == language], known)
        for language in dict.fromkeys(article.language for article in found.articles)
    }
    common = {each: common_of_questions(each, known) for each in {*languages(), *shelves}}
    return Catalogue(shelves, "file", common)


def _passages(article: Article) -> list[texts.Wanted]:
    return [
        texts.wanted(article.title, article.wordings, section.heading, section.text)
        for section in split(article.text)
    ]


def _needed(ours: Iterable[texts.Wanted]) -> list[texts.Text]:
    usual = (text for each in languages() for row in texts.usual(each) for text in row)
    return list(dict.fromkeys((*usual, *(text for each in ours for text in each.texts()))))


def _shelf(language: str, rows: list[tuple[Article, texts.Wanted]], known: Known) -> Shelf:
    keys = list(dict.fromkeys(article.key for article, _ in rows))
    entries = [
        Entry(0, keys.index(a.key), a.title, "", a.key, language, "", wanted.said.text, "")
        for a, wanted in rows
    ]
    words = KeywordIndex(Document(a.title, w.said.text, a.wordings) for a, w in rows)
    meaning = MeaningIndex(language, [wanted for _, wanted in rows], known) if known else None
    return Shelf(tuple(entries), words, meaning)


def _article(row: dict[str, Any]) -> Article:
    return Article(
        key=str(row["id"]),
        language=_language(row.get("language") or row["lang"]),
        title=str(row.get("title") or row["question"]),
        text=str(row.get("text") or row["answer"]),
        wordings=tuple(map(str, row.get("wordings", ()))),
    )


def _off_topic(row: Any) -> dict[str, Any]:
    return {**(row if isinstance(row, dict) else {"text": str(row)}), "article": None}


def _question(row: dict[str, Any]) -> Question:
    expected = None if row["article"] is None else str(row["article"])
    language = language_of(row["text"], settings.LANGUAGE_CODE)
    group = _language(str(row.get("group") or row.get("lang") or language))
    return Question(str(row["text"]), language, expected, group, key=str(row["text"]))


def _language(name: str) -> str:
    """As settings spell it: zh is zh-hans."""
    return next((code for code, _ in settings.LANGUAGES if code.startswith(name)), name)
