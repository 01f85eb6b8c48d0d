"""Whose request it is, from the door to the tools behind it."""

from contextvars import ContextVar

from chatplatform.accounts.models import User

# The owner of the key that a request came with; set by the door.
caller: ContextVar[User] = ContextVar("mcp_caller")
