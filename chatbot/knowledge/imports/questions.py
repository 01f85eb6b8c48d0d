"""CSV: one article a row. Columns: question, answer, and perhaps language, category, similar."""

import csv
from collections.abc import Iterator
from io import StringIO

from chatbot.knowledge.imports.documents import (
    LONGEST_TITLE,
    Document,
    Fault,
    Findings,
    Unreadable,
    language_code,
)

_NAMES = {
    "question": ("question", "q", "title", "问题", "问", "标题", "標題"),
    "answer": ("answer", "a", "body", "text", "答案", "回答", "答", "内容", "正文"),
    "language": ("language", "lang", "语言"),
    "category": ("category", "分类", "类别"),
    "similar": ("similar", "similar questions", "wordings", "相似问题", "相似问", "相似问法"),
}


def read(text: str) -> Findings:
    """Every row, and why some could not be taken. Unreadable without the two columns.

    Similar questions are parted by | or line ends.
    """
    found = Findings()
    try:
        for number, row in _rows(text):
            document = _document(number, row)
            if isinstance(document, Fault):
                found.faults.append(document)
            else:
                found.documents.append(document)
    except csv.Error as error:
        raise Unreadable("broken") from error
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by the number of the line they end on."""
    lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    names = [_name(cell) for cell in next(lines, [])]
    if not {"question", "answer"} <= set(names):
        raise Unreadable("columns")
    for cells in lines:
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(row.values()):
            yield lines.line_num, row


def _document(number: int, row: dict[str, str]) -> Document | Fault:
    place = str(number)
    if not row.get("question") or not row.get("answer"):
        return Fault(place, "row_incomplete", {"line": number})
    written = row.get("language", "")
    if written and not language_code(written):
        return Fault(place, "row_language", {"line": number, "language": written[:40]})
    if len(row["question"]) > LONGEST_TITLE:
        return Fault(place, "row_question", {"line": number, "most": LONGEST_TITLE})
    similar = row.get("similar", "").replace("|", "\n").replace("｜", "\n").split("\n")
    return Document(
        title=" ".join(row["question"].split()),
        body=row["answer"],
        language=language_code(written),
        category=row.get("category", ""),
        similar=tuple(filter(None, map(str.strip, similar))),
    )


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t，", key=head.count)


def _name(cell: str) -> str:
    wanted = cell.strip().lower()
    return next((name for name, known in _NAMES.items() if wanted in known), "")
