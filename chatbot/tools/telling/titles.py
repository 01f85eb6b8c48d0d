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
    shown = mask_values(arguments)
    return ", ".join(f"{_argument_title(tool, name)}: {value}" for name, value in shown.items())


def _argument_title(tool: Tool, name: str) -> str:
    """A built-in tool's are ours to translate, another server's are as it says them."""
    title: str = tool.input_schema.get("properties", {}).get(name, {}).get("title", "")
    if not title:
        return name.replace("_", " ")
    return gettext(title) if tool.server.kind == Kind.BUILTIN else title
