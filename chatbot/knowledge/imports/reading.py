"""Reads one file in a process of its own: what hangs, crashes or eats memory here harms nobody.

python -m chatbot.knowledge.imports.reading KIND NAME [CHARSET]  < file  > findings as JSON
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from chatbot.knowledge.imports import archives, markdown, pages, pdf, questions, texts, word
from chatbot.knowledge.imports.documents import (
    LONGEST_BODY,
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_DOCUMENTS,
    Document,
    Fault,
    Findings,
    Unreadable,
)
from chatbot.knowledge.imports.kinds import kind_of

_ONE_DOCUMENT = ("html", "pdf")
MEMORY = 1024 * 1024 * 1024  # bytes


def read(kind: str, name: str, data: bytes, *, charset: str = "") -> Findings:
    """What a file holds. Whatever is wrong with it is one of the faults."""
    try:
        found = _READERS[kind](data, PurePosixPath(name).stem or name, charset)
        if len(found.documents) > MOST_DOCUMENTS:
            raise Unreadable("too_many_documents", most=MOST_DOCUMENTS)
    except Unreadable as fault:
        return Findings(faults=[Fault("", fault.code, fault.details)])
    except MemoryError:
        return Findings(faults=[Fault("", "too_large_unpacked")])
    except Exception:  # a library's own surprise at a broken file
        return Findings(faults=[Fault("", "broken")])
    if not found.documents and not found.faults:
        return Findings(faults=[Fault("", "no_text")])
    return _placed(found, alone=kind in _ONE_DOCUMENT)


def _read_zip(data: bytes, name: str, charset: str) -> Findings:
    found = Findings()
    for member, content in archives.files(data):
        kind = kind_of(member)
        if kind in ("", "zip"):
            found.faults.append(Fault(member[:LONGEST_PLACE], "wrong_type"))
            continue
        inner = read(kind, member, content)
        found.documents.extend(
            replace(each, place=_inside(member, each.place)) for each in inner.documents
        )
        found.faults.extend(
            replace(each, place=_inside(member, each.place)) for each in inner.faults
        )
    return found


def _inside(member: str, place: str) -> str:
    return (f"{member}: {place}" if place else member)[:LONGEST_PLACE]


def _placed(found: Findings, *, alone: bool) -> Findings:
    """Documents told apart by their titles unless `alone` in a file, cut to what we keep."""
    documents, faults, seen = list[Document](), list(found.faults), dict[str, int]()
    for each in found.documents:
        title = texts.cleaned(" ".join(each.title.split()))[:LONGEST_TITLE] or "?"
        place = each.place or ("" if alone else title)
        place = place[:LONGEST_PLACE]
        seen[place] = seen.get(place, 0) + 1
        place = place if seen[place] == 1 else f"{place} ({seen[place]})"
        if len(each.body) > LONGEST_BODY:
            faults.append(Fault(place, "document_too_long", {"most": LONGEST_BODY}))
            continue
        documents.append(
            replace(
                each,
                title=title,
                place=place,
                body=texts.cleaned(each.body),
                category=texts.cleaned(each.category)[:80],
            )
        )
    return Findings(documents, faults)


_READERS: dict[str, Callable[[bytes, str, str], Findings]] = {
    "md": lambda data, name, charset: Findings(
        markdown.read(texts.decode(data, declared=charset), name=name)
    ),
    "html": lambda data, name, charset: Findings(
        pages.read(texts.decode(data, declared=texts.declared_in(data) or charset), name=name)
    ),
    "pdf": lambda data, name, charset: Findings(pdf.read(data, name=name)),
    "docx": lambda data, name, charset: Findings(word.read(data, name=name)),
    "csv": lambda data, name, charset: questions.read(texts.decode(data, declared=charset)),
    "zip": _read_zip,
}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    kind, name, charset = [*sys.argv[1:], ""][:3]
    found = read(kind, name, sys.stdin.buffer.read(), charset=charset)
    sys.stdout.write(json.dumps(found.as_json()))


if __name__ == "__main__":
    main()
