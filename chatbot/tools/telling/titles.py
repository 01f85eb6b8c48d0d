"""What people call a tool, and what a call is about, in the active language."""

from typing import Any

from django.utils.translation import gettext

from chatbot.tools import registry
from chatbot.tools.choices import Kind
from chatbot.tools.models import Tool
from chatbot.tools.telling.masking import mask_values


def title_of(tool: Tool) -> str:
    """Its own title; of a built-in tool without one, ours in the reader's language."""
    if tool.title:
        return tool.title
    known = registry.built_in(tool.remote.get("name", ""))
    return str(known.title) if known and tool.server.kind == Kind.BUILTIN else tool.name


def summary_of(tool: Tool, arguments: dict[str, Any]) -> str:
    """The arguments by their titles: "order number: 10025, address: ..."."""
    shown = named(tool, mask_values(arguments))
    return ", ".join(f"{title}: {value}" for title, value in shown)


def named(tool: Tool | None, arguments: dict[str, Any]) -> list[tuple[str, Any]]:
    """The arguments with their titles, which may be alike; of a tool that is gone, their names."""
    return [(_argument_title(tool, name), value) for name, value in arguments.items()]


def _argument_title(tool: Tool | None, name: str) -> str:
    """A built-in tool's are ours to translate, another server's are as it says them."""
    schema = tool.input_schema if tool else {}
    title: str = schema.get("properties", {}).get(name, {}).get("title", "")
    if tool is None or not title:
        return name.replace("_", " ")
    return gettext(title) if tool.server.kind == Kind.BUILTIN else title
