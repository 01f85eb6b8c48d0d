"""Operations of an OpenAPI document: arguments go where the document says, JSON comes back."""

import json
from typing import Any
from urllib.parse import quote

from chatbot.tools.calling.caller import Caller, read_fillings
from chatbot.tools.calling.outcomes import Interrupted, Outcome, ToolFailed
from chatbot.tools.kinds.credentials import auth_headers
from chatbot.tools.models import Tool
from chatbot.tools.telling.results import cut
from chatplatform.protection.outbound import MEGABYTE, Refused, Response, Unreachable, afetch

LARGEST = MEGABYTE
_BODY = "body"  # an argument of this place and name is the whole body


async def run(tool: Tool, arguments: dict[str, Any], caller: Caller) -> Outcome:
    places = _placed(tool, arguments, caller)
    server, method = tool.server, tool.remote["method"].upper()
    try:
        answer = await afetch(
            server.url.rstrip("/") + _path(tool.remote["path"], places["path"]),
            method=method,
            params=places["query"] or None,
            headers={**auth_headers(server), "Idempotency-Key": caller.key, **places["header"]},
            json=_body(places["body"]),
            max_bytes=LARGEST,
            timeout=server.timeout,
            max_redirects=5 if method == "GET" else 0,
        )
    except Unreachable as error:
        raise Interrupted(str(error.detail), started=error.reached) from None
    except Refused as error:
        raise ToolFailed(str(error.detail)) from None
    return _outcome(answer)


def _placed(tool: Tool, arguments: dict[str, Any], caller: Caller) -> dict[str, dict[str, Any]]:
    """Every argument under its place; what we fill in wins over what a model says."""
    known: dict[str, str] = tool.remote.get("places", {})
    placed: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "body": {}}
    for name, value in arguments.items():
        placed[known.get(name, "query")][name] = value
    for filling in read_fillings(tool.identity):
        place = known.get(filling.name, "query") if filling.place == "argument" else filling.place
        placed[place][filling.name] = filling.value(caller)
    placed["query"] = {name: _plain(value) for name, value in placed["query"].items()}
    placed["header"] = {name: str(_plain(value)) for name, value in placed["header"].items()}
    return placed


def _path(template: str, values: dict[str, Any]) -> str:
    path = template
    for name, value in values.items():
        segment = quote(str(_plain(value)), safe="")
        if segment in ("", ".", ".."):  # another path than the one that was chosen
            raise ToolFailed(f"{name} can't be empty or dots")
        path = path.replace(f"{{{name}}}", segment)
    return path


def _body(values: dict[str, Any]) -> Any:
    if set(values) == {_BODY}:
        return values[_BODY]
    return values or None


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return json.dumps(value) if isinstance(value, dict) else value


def _outcome(answer: Response) -> Outcome:
    if answer.status >= 500:
        raise Interrupted(f"the server answered {answer.status}")
    if not 200 <= answer.status < 300:
        raise ToolFailed(f"the server answered {answer.status}: {cut(answer.text)[:500]}")
    if "json" not in answer.content_type:
        return Outcome(answer.text)
    try:
        return Outcome(json.loads(answer.body or b"null"))
    except (ValueError, RecursionError):
        raise ToolFailed("the server's answer is not JSON") from None
