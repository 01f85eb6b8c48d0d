"""Everything that can happen to tool servers, tools and calls; each function is one transaction."""

from chatbot.tools.calling.wishes import ToolResult
from chatbot.tools.services.asking import ask
from chatbot.tools.services.deciding import (
    CallDecided,
    approve_call,
    confirm_call,
    decline_call,
    expire_calls,
    reject_call,
)
from chatbot.tools.services.finishing import finish_call, finish_read
from chatbot.tools.services.servers import (
    accept_tool,
    delete_server,
    note_health,
    request_sync,
    save_server,
    save_tool,
    sync_due,
    sync_server,
    take_offers,
)
from chatbot.tools.services.working import claim_call, give_up_lost

__all__ = [
    "CallDecided",
    "ToolResult",
    "accept_tool",
    "approve_call",
    "ask",
    "claim_call",
    "confirm_call",
    "decline_call",
    "delete_server",
    "expire_calls",
    "finish_call",
    "finish_read",
    "give_up_lost",
    "note_health",
    "reject_call",
    "request_sync",
    "save_server",
    "save_tool",
    "sync_due",
    "sync_server",
    "take_offers",
]
