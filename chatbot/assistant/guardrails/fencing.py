"""Marks what others wrote as data, with a boundary that nobody who wrote it could know."""

import re
import secrets

# What a boundary begins and ends with: inside, nothing may even look like one.
_EDGES = re.compile(r"(?<=<)(?=<)|(?<=>)(?=>)")


class Fence:
    """One request's boundary; `mark` is part of what the model is told about it."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(6)

    def around(self, kind: str, text: str) -> str:
        """The text between two lines of the boundary; what looks like one inside it no longer
        does."""
        inner = _EDGES.sub(" ", text.replace(self.mark, ""))
        return f"<<{kind} {self.mark}>>\n{inner}\n<<end {self.mark}>>"
