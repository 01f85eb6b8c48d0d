"""A dry run: what a call would be, without making it."""

from typing import Any

from chatbot.tools.calling.caller import read_fillings
from chatbot.tools.choices import Kind, Risk
from chatbot.tools.models import Tool


def described(tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """What would go out, and what would have to happen before; secrets are not in it."""
    return {
        "tool": tool.name,
        "to": _target(tool),
        "arguments": arguments,
        "filled_in_by_us": [filling._asdict() for filling in read_fillings(tool.identity)],
        "before": {Risk.WRITE: "customer confirms", Risk.MONEY: "agent approves"}.get(
            Risk(tool.risk), ""
        ),
        "limit_seconds": tool.server.timeout,
        "retries": tool.server.retries if tool.risk == Risk.READ else 0,
    }


def _target(tool: Tool) -> str:
    if tool.server.kind == Kind.HTTP_API:
        method, path = tool.remote["method"].upper(), tool.remote["path"]
        return f"{method} {tool.server.url.rstrip('/')}{path}"
    if tool.server.kind == Kind.MCP:
        return f"{tool.server.url} · {tool.remote['name']}"
    return str(tool.remote.get("name", tool.name))
