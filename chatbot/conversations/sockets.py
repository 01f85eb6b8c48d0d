"""The customer's WebSocket: the session's events out, her messages in."""

from chatbot.conversations import frames
from chatbot.conversations.streams import session_name
from chatbot.conversations.tokens import stream_token
from realtime.consumers import EventSocket
from realtime.threads import in_thread


class SessionSocket(EventSocket):
    async def receive_frame(self, frame: frames.Frame) -> frames.Frame | None:
        return await in_thread(
            frames.carry_out, stream_token(self.scope), session_name(self.scope), frame
        )
