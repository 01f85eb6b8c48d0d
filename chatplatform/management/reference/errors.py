"""Every error code, from the registry that the classes make."""

from django.utils import translation

from chatplatform.kernel.error_codes import ErrorCode, error_codes
from chatplatform.kernel.input_errors import field_codes
from chatplatform.management.reference.note import NOTE

_INTRODUCTION = """\
Programs go by `code`: it stays. `title` and `detail` are for people, in the reader's language;
`request_id` finds the log lines. `GET /api/v1/errors` on the agents' side answers this table in
every language.
"""

_FRAMES = """\
A WebSocket answers a frame that it can't accept with `{"type": "error", "code", "detail"}` and
stays open. Besides the codes above, these are said there only:
"""

_FIELDS = """\
Where single fields are wrong, the document's `errors` holds `{"field", "code", "message"}` for
each, at most 20 of them. These are the codes and what they say:
"""


def errors_page() -> str:
    """`docs/reference/errors.md`."""
    with translation.override("en"):
        codes = error_codes()
        answers = [_row(error, str(error.status)) for error in codes if error.status]
        frames = [_row(error) for error in codes if error.status is None]
        fields = [f"| `{code}` | {message} |" for code, message in field_codes().items()]
    lines = ["# Errors", "", NOTE, _INTRODUCTION]
    lines += ["| status | code | title | what to do |", "|---|---|---|---|", *answers, ""]
    lines += ["## On sockets", "", _FRAMES, "| code | title | what to do |", "|---|---|---|"]
    lines += [*frames, "", "## Fields", "", _FIELDS, "| code | message |", "|---|---|", *fields, ""]
    return "\n".join(lines)


def _row(error: ErrorCode, *first: str) -> str:
    return f"| {' | '.join([*first, f'`{error.code}`', str(error.title), str(error.hint)])} |"
