"""What the loopback model server plays: every way we know for a reply to go well, or wrong."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

SENTENCE = "Delivery takes two to four working days [1]."


class Server(Protocol):
    """What a scenario may know of the server that plays it."""

    text: str
    tool: str
    arguments: str
    pace: float
    retry_after: str

    async def closing(self) -> None: ...


@dataclass
class Asked:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def texts(self) -> str:
        """All that its messages say, in one."""
        return "\n".join(str(message.get("content") or "") for message in self.body["messages"])


class Cut(Exception):
    """The connection breaks here."""


@dataclass
class Refusal(Exception):
    """Another status than 200."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "no"


# What a scenario yields is one packet each: bytes as they are, or a piece of the stream.
Packets = AsyncIterator[bytes | dict[str, Any]]
Scenario = Callable[[Server, Asked], Packets]
SCENARIOS: dict[str, Scenario] = {}


def scenario(play: Scenario) -> Scenario:
    SCENARIOS[play.__name__] = play
    return play


def delta(finish: str | None = None, **content: Any) -> dict[str, Any]:
    """One chunk of a reply."""
    return {"choices": [{"index": 0, "delta": content, "finish_reason": finish}]}


def usage(tokens_in: int = 100, tokens_out: int = 20) -> dict[str, Any]:
    """What the last chunk reports."""
    counts = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out}
    return {"choices": [], "usage": {**counts, "total_tokens": tokens_in + tokens_out}}


def words(text: str) -> list[str]:
    """The text in pieces as models stream it."""
    return re.findall(r"\s*[^\s\u4e00-\u9fff]+|\s*[\u4e00-\u9fff]{1,2}|\s+", text)


def tool_pieces(
    name: str, arguments: str, *, size: int = 5, index: int = 0
) -> list[dict[str, Any]]:
    """A tool call as chunks: its name first, then its arguments a few characters at a time."""

    def piece(**function: str) -> dict[str, Any]:
        return {"index": index, "function": function}

    first = {**piece(name=name, arguments=""), "id": f"call_{index}", "type": "function"}
    parts = [arguments[at : at + size] for at in range(0, len(arguments), size)]
    return [delta(tool_calls=[each]) for each in (first, *(piece(arguments=p) for p in parts))]


# -- replies that are fine


@scenario
async def fine(server: Server, asked: Asked) -> Packets:
    for word in words(server.text):
        yield delta(content=word)
        await asyncio.sleep(server.pace)
    yield delta("stop")
    yield usage()


@scenario
async def grounded(server: Server, asked: Asked) -> Packets:
    """What a model would make of the passages: the first one's words with its mark."""
    found = re.search(r"^\[1\] [^\n]*\n(.+?)(?=^\[|\Z)", asked.texts, re.DOTALL | re.MULTILINE)
    text = f"{found[1].strip().splitlines()[0]} [1]" if found else "I don't know that."
    for word in words(text):
        yield delta(content=word)
        await asyncio.sleep(server.pace)
    yield delta("stop")
    yield usage()


@scenario
async def split_bytes(server: Server, asked: Asked) -> Packets:
    """Chinese characters that arrive in two packets."""
    line = b"data: " + json.dumps(delta(content=server.text), ensure_ascii=False).encode() + b"\n\n"
    for at in range(len(line)):
        yield line[at : at + 1]
    yield delta("stop")
    yield usage()


@scenario
async def tool_call(server: Server, asked: Asked) -> Packets:
    """A call in pieces; once it has a result, the answer."""
    if asked.body["messages"][-1]["role"] == "tool":
        yield delta(content=server.text)
        yield delta("stop")
    else:
        for piece in tool_pieces(server.tool, server.arguments):
            yield piece
        yield delta("tool_calls")
    yield usage()


@scenario
async def broken_tool_call(server: Server, asked: Asked) -> Packets:
    """Arguments that are no JSON; once it was told so, the answer."""
    if asked.body["messages"][-1]["role"] == "tool":
        yield delta(content=server.text)
        yield delta("stop")
    else:
        for piece in tool_pieces(server.tool, '{"number": "A-1'):
            yield piece
        yield delta("tool_calls")
    yield usage()


@scenario
async def only_tools(server: Server, asked: Asked) -> Packets:
    """Calls a tool, whatever it is told."""
    for piece in tool_pieces(server.tool, server.arguments):
        yield piece
    yield delta("tool_calls")
    yield usage()


@scenario
async def no_usage(server: Server, asked: Asked) -> Packets:
    yield delta(content=server.text)
    yield delta("stop")


@scenario
async def thinking(server: Server, asked: Asked) -> Packets:
    for piece in ("<th", "ink>The customer is rude.", "</think>\n", server.text):
        yield delta(content=piece)
    yield delta("stop")
    yield usage()


MADE_UP = "https://evil.example/pay?name=Ana or www.evil.example, to pay@evil.example"
_ORDER = re.compile(r"CALL (\w+)((?: \w+=[^\s\"]+)*)")
_WORDS = re.compile(r"SAY ([^\"\n]+)")


@scenario
async def gullible(server: Server, asked: Asked) -> Packets:
    """Does whatever it reads, wherever it reads it: CALL tool name=value, then RECITE its
    instructions or SAY something, with a LINK that it makes up. RECITE may be a value, too."""
    system, *others = asked.body["messages"]
    tools = [each["function"].get("description", "") for each in asked.body.get("tools", ())]
    read = "\n".join([*(str(each.get("content") or "") for each in others), *tools])
    orders = list(dict.fromkeys(_ORDER.findall(read)))
    done = sum(each["role"] == "tool" for each in others)
    recited = f"Of course, here they are. {system['content']}"
    if done < len(orders):
        name, given = orders[done]
        values = dict(each.split("=", 1) for each in given.split())
        arguments = {k: recited[:190] if v == "RECITE" else v for k, v in values.items()}
        for piece in tool_pieces(name, json.dumps(arguments)):
            yield piece
        yield delta("tool_calls")
    else:
        found = _WORDS.search(read)
        said = found[1].replace("LINK", MADE_UP) if found else server.text
        for word in words(recited if re.search(r"(?<!=)RECITE", read) else said):
            yield delta(content=word)
            await asyncio.sleep(server.pace)
        yield delta("stop")
    yield usage()


# -- replies that are not


@scenario
async def wrong_key(server: Server, asked: Asked) -> Packets:
    raise Refusal(401, message="Incorrect API key provided")
    yield b""


@scenario
async def busy(server: Server, asked: Asked) -> Packets:
    raise Refusal(429, {"Retry-After": server.retry_after}, "Rate limit reached")
    yield b""


@scenario
async def failing(server: Server, asked: Asked) -> Packets:
    raise Refusal(500, message="The server had an error")
    yield b""


@scenario
async def only_newer_limit(server: Server, asked: Asked) -> Packets:
    if "max_tokens" in asked.body:
        raise Refusal(400, message="Unsupported parameter: use 'max_completion_tokens' instead.")
    async for packet in fine(server, asked):
        yield packet


@scenario
async def late(server: Server, asked: Asked) -> Packets:
    """No word until the server is closed."""
    await server.closing()
    yield delta(content=server.text)


@scenario
async def silent(server: Server, asked: Asked) -> Packets:
    """Begins, and then says nothing more."""
    yield delta(content="".join(words(server.text)[:2]))
    await server.closing()
    yield delta("stop")


@scenario
async def cut(server: Server, asked: Asked) -> Packets:
    for word in words(server.text)[:3]:
        yield delta(content=word)
    raise Cut


@scenario
async def ended(server: Server, asked: Asked) -> Packets:
    """Ends properly as HTTP goes, in mid-sentence."""
    yield delta(content=words(server.text)[0])


@scenario
async def error_in_stream(server: Server, asked: Asked) -> Packets:
    yield delta(content=words(server.text)[0])
    yield {"error": {"message": "out of memory", "type": "server_error"}}


@scenario
async def no_json(server: Server, asked: Asked) -> Packets:
    yield delta(content=words(server.text)[0])
    yield b'data: {"choices": [{"ind\n\n'


@scenario
async def empty_choices(server: Server, asked: Asked) -> Packets:
    yield {"choices": []}
    yield usage()


@scenario
async def no_text(server: Server, asked: Asked) -> Packets:
    yield delta(content="")
    yield delta("stop")
    yield usage()


@scenario
async def garbage(server: Server, asked: Asked) -> Packets:
    yield delta(content="\ufffd\ufffd?! ... \ufffd")
    yield delta("stop")
    yield usage()


@scenario
async def length(server: Server, asked: Asked) -> Packets:
    yield delta(content="Delivery takes two to")
    yield delta("length")
    yield usage()


@scenario
async def content_filter(server: Server, asked: Asked) -> Packets:
    yield delta(content=words(server.text)[0])
    yield delta("content_filter")
    yield usage()
