"""Tools made of Python: registered by code, offered as tools of a server of kind "built in"."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

from chatbot.tools.calling.caller import Caller
from chatbot.tools.choices import Audience, Risk
from chatplatform.tenants.models import Tenant

Run = Callable[[Caller, Any], BaseModel | str]


@dataclass(frozen=True)
class BuiltIn:
    """`arguments` is the model that a call is read by, `answer` what it gives, if not a text.

    `run` is called off the event loop in the tenant's scope; it raises ToolFailed with a sentence.
    One that writes must do so once per `caller.key`. `says` is told to customers, with the fields
    of the answer in it; `wordings` are how they ask for it.
    """

    name: str
    title: str | Promise
    description: str
    arguments: type[BaseModel]
    run: Run
    answer: type[BaseModel] | None = None
    risk: Risk = Risk.READ
    audience: Audience = Audience.ANYONE
    says: str | Promise = ""
    asks: dict[str, str | Promise] | None = None
    wordings: tuple[str, ...] = ()
    offered_to: Callable[[Tenant], bool] = lambda tenant: True


_tools: dict[str, BuiltIn] = {}


def register(tool: BuiltIn) -> None:
    """Have it offered to tenants; called from AppConfig.ready. Registering anew replaces it."""
    _tools[tool.name] = tool


def built_in(name: str) -> BuiltIn | None:
    return _tools.get(name)


def built_ins(tenant: Tenant) -> list[BuiltIn]:
    """Those offered to the tenant."""
    return [tool for tool in _tools.values() if tool.offered_to(tenant)]
