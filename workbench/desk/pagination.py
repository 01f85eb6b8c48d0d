"""Long lists of sessions, page by page: the queue's own order differs from the others'."""

from chatplatform.kernel.pagination import CursorPages


class SessionPages(CursorPages):
    """Pages of sessions, in the list's own order."""
