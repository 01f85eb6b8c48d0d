"""What could not be imported, in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatplatform.tenants.metrics import Metric

_WORDS: dict[str, StrOrPromise] = {
    "encrypted": _("It is protected by a password. Save it without one."),
    "no_text": _("There is no text in it: a scanned document must go through text recognition."),
    "broken": _("The file is damaged, or not what its name says."),
    "too_large_unpacked": _("It unpacks to more than we take."),
    "too_many_pages": _("It has more than %(most)s pages. Split it."),
    "too_many_documents": _("It holds more than %(most)s articles. Split it."),
    "document_too_long": _("It is longer than %(most)s characters. Split it."),
    "encoding": _("We can't tell how its letters are encoded. Save it as UTF-8."),
    "not_text": _("This is no text file."),
    "too_slow": _("Reading it took longer than %(seconds)s seconds."),
    "wrong_type": _("Files of this type are not taken here."),
    "columns": _("A table needs the columns “question” and “answer” in its first line."),
    "row_incomplete": _("Line %(line)s: question or answer is missing."),
    "row_language": _("Line %(line)s: we know no language “%(language)s”; write zh or en."),
    "row_question": _("Line %(line)s: the question is longer than %(most)s characters."),
    "page_status": _("The page answered with status %(status)s."),
    "page_type": _("The address holds %(type)s, which is not taken here."),
    "not_fetched": _("The page could not be fetched: %(why)s"),
    "quota_exhausted": _("Your plan's limit is reached: %(limit)s, %(metric)s."),
    "cancelled": _("Stopped before it was read. Upload it again."),
    "refused": _("Not published: %(why)s"),
    "unforeseen": _("Something went wrong on our side. Try it again."),
}


def told(code: str, details: dict[str, Any]) -> str:
    """The sentence of a fault."""
    words = str(_WORDS.get(code, _WORDS["unforeseen"]))
    if "metric" in details:
        details = {**details, "metric": Metric(details["metric"]).label}
    return words % details if details else words
