"""How a customer is told a result without a model: in the tool's own sentence, or as it is."""

import json
import re
from typing import Any

from django.utils import translation

from chatbot.tools import registry
from chatbot.tools.models import Tool
from chatbot.tools.telling.results import as_text

_FIELD = re.compile(r"\{([\w.]+)\}")


def told(tool: Tool, value: Any, language: str) -> str:
    """The result in a sentence of that language."""
    template = _template(tool, language)
    if template and isinstance(value, dict):
        return as_text(_FIELD.sub(lambda found: _plain(_at(value, found[1])), template))
    if isinstance(value, dict) and set(value) == {"result"}:  # how MCP servers wrap a plain value
        value = value["result"]
    return as_text(value)


def _template(tool: Tool, language: str) -> str:
    own = tool.answers.get(language) or next(iter(tool.answers.values()), "")
    if own:
        return str(own)
    known = registry.built_in(tool.remote.get("name", ""))
    with translation.override(language):
        return str(known.says) if known else ""


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
