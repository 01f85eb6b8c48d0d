"""What is found in a file. This package is read by a process of its own: it knows no Django."""

from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_TITLE = 200
LONGEST_PLACE = 280
LONGEST_BODY = 200_000  # characters
MOST_DOCUMENTS = 5_000  # in a file
_LANGUAGES = {
    **dict.fromkeys(("zh", "zh-cn", "zh-hans", "chinese", "中文", "简体中文"), "zh-hans"),
    **dict.fromkeys(("en", "en-us", "en-gb", "english", "英文", "英语"), "en"),
}


@dataclass(frozen=True)
class Document:
    """An article to be: `place` tells it from the others of its file, `similar` are other ways to
    ask for it. No `language`: that of the text."""

    title: str
    body: str
    place: str = ""
    language: str = ""
    category: str = ""
    similar: tuple[str, ...] = ()

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Document":
        return cls(**{**data, "similar": tuple(data["similar"])})


@dataclass(frozen=True)
class Fault:
    """Why something at `place` could not be read: a code of faults.py, and what fills its words."""

    place: str
    code: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """All of a file: documents in order, and what could not be read."""

    documents: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Findings":
        documents = [
            Document(**{**each, "similar": tuple(each["similar"])}) for each in data["documents"]
        ]
        return cls(documents, [Fault(**each) for each in data["faults"]])


class Unreadable(Exception):
    """The whole file can't be read: a code of faults.py, and what fills its words."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def language_code(written: str) -> str:
    """The language that somebody means by "ZH", "English" or "中文"; "" for none we know."""
    return _LANGUAGES.get(written.strip().lower().replace("_", "-"), "")
