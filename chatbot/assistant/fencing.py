"""Marks what others wrote as data, with a boundary that nobody who wrote it could know."""

import secrets


class Fence:
    """One request's boundary; `mark` is part of what the model is told about it."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(6)

    def around(self, kind: str, text: str) -> str:
        """The text between two lines of the boundary; a boundary inside it is taken out."""
        inner = text.replace(self.mark, "")
        return f"<<{kind} {self.mark}>>\n{inner}\n<<end {self.mark}>>"
