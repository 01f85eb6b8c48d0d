"""What the agents' API answers beyond the conversations' own vocabulary."""

from chatbot.conversations.wire import SessionOut, Shape


class SessionsOut(Shape):
    """One page of sessions; `next` and `previous` are addresses, None at the ends."""

    results: list[SessionOut]
    next: str | None
    previous: str | None
