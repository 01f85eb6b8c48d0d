"""Which files can be read, by the end of their names; the readers themselves load when one is."""

from pathlib import PurePosixPath

KINDS = {
    **{"md": "md", "markdown": "md", "txt": "md", "html": "html", "htm": "html"},
    **{"pdf": "pdf", "docx": "docx", "csv": "csv", "zip": "zip"},
}


def kind_of(name: str) -> str:
    """The kind by the end of its name, or ""."""
    return KINDS.get(PurePosixPath(name).suffix.lower().lstrip("."), "")
