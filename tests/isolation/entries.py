"""How each address is tried: which of the neighbour's ids it is given, and with what in hand.

A route that is not in this table fails the test: whoever adds one says here how a stranger would
try it. Admin pages need no line: they are tried with the neighbour's row of their model.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models

from chatbot.conversations.models import Conversation, Message
from chatbot.knowledge.models import Article, ImportJob
from chatbot.moderation.models import Hit, SensitiveWord
from chatbot.tools.models import ToolCall
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.models import User
from chatplatform.dictionaries.models import DictionaryType
from chatplatform.tenants.models import Department
from tests.isolation.treasure import Treasure

Find = Callable[[Treasure], object]


@dataclass(frozen=True)
class Tried:
    """`ids`, and `query`, hold the neighbour's; `calls` are methods and the bodies that go along.

    With any of his ids the answer must be 401, 403 or 404. Without, it may be anything that shows
    nothing of his; `words` fill in what an address calls by a name that everyone shares.
    """

    ids: dict[str, Find] = field(default_factory=dict)
    calls: dict[str, Any] = field(default_factory=lambda: {"GET": None})
    query: dict[str, Find] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Public:
    """Meant for everyone, whoever asks; says why."""

    why: str


def its(model: type[models.Model], attribute: str = "pk") -> Find:
    """An attribute of the neighbour's row of that table."""
    return lambda treasure: getattr(treasure.row(model), attribute)


def of(model: type[models.Model], parameter: str, attribute: str, **calls: Any) -> Tried:
    """An address of one row; GET alone if nothing else is said."""
    return Tried({parameter: its(model, attribute)}, calls or {"GET": None})


def of_session(**calls: Any) -> Tried:
    return of(Conversation, "name", "name", **calls)


def of_call(**calls: Any) -> Tried:
    """A call of the session it belongs to."""
    return Tried({"name": its(Conversation, "name"), "call": its(ToolCall)}, calls)


def of_person(**calls: Any) -> Tried:
    return of(User, "username", "username", **calls)


def listed() -> Tried:
    return Tried()


def form() -> Tried:
    """What takes no id: asked for, and sent without anything in it."""
    return Tried(calls={"GET": None, "POST": {}})


TEXT = {"text": "Let me in", "client_id": "stranger-1"}
LIFE_SIGN = Public("says how the process is, nothing of anyone's")
LANGUAGE = Public("chooses the reader's own language")

CASE = {"session": "nobody", "message": 1}

ENTRIES: dict[str, Tried | Public] = {
    # -- the customers' door
    "chatbot page /healthz": LIFE_SIGN,
    "chatbot page /readyz": LIFE_SIGN,
    "chatbot page /metrics": LIFE_SIGN,
    "chatbot page /api/schema/": Public("describes the API"),
    "chatbot page /api/docs/": Public("describes the API"),
    "chatbot page /i18n/setlang/": LANGUAGE,
    "chatbot page /": Public("the demo shop"),
    "chatbot page /widget.js": Public("the loader that shops embed"),
    "chatbot page /widget/<str:tenant>/": Public("an empty widget of the named tenant"),
    "chatbot page /help/<slug:tenant>/<str:slug>": Public("published articles are for customers"),
    "chatbot page /api/v1/sessions": Tried(calls={"POST": {"tenant": "shop"}}),
    "chatbot page /api/v1/sessions/<str:name>": of_session(),
    "chatbot page /api/v1/sessions/<str:name>/messages": of_session(GET=None, POST=TEXT),
    "chatbot page /api/v1/sessions/<str:name>/transfer": of_session(POST={}),
    "chatbot page /api/v1/sessions/<str:name>/cancel-transfer": of_session(POST={}),
    "chatbot page /api/v1/sessions/<str:name>/close": of_session(POST={}),
    "chatbot page /api/v1/sessions/<str:name>/typing": of_session(POST={}),
    "chatbot page /api/v1/sessions/<str:name>/tool-calls/<int:call>/confirm": of_call(POST={}),
    "chatbot page /api/v1/sessions/<str:name>/tool-calls/<int:call>/decline": of_call(POST={}),
    "chatbot stream /api/v1/sessions/<str:name>/events": of_session(),
    "chatbot socket /ws/sessions/<str:name>": of_session(),
    "chatbot socket /api/v1/ws/sessions/<str:name>": of_session(),
    # -- the agents' door
    "workbench page /healthz": LIFE_SIGN,
    "workbench page /readyz": LIFE_SIGN,
    "workbench page /metrics": LIFE_SIGN,
    "workbench page /api/schema/": Public("describes the API"),
    "workbench page /api/docs/": Public("describes the API"),
    "workbench page /i18n/setlang/": LANGUAGE,
    "workbench page /": listed(),
    "workbench page /c/<str:name>/": of_session(),
    "workbench page /c/<str:name>/pane/": of_session(),
    "workbench page /c/<str:name>/state/": of_session(),
    "workbench page /c/<str:name>/messages/": of_session(),
    "workbench page /c/<str:name>/calls/<int:call>/": of_call(GET=None),
    "workbench page /fragments/views/": listed(),
    "workbench page /fragments/inbox/": listed(),
    "workbench page /fragments/nothing-open/": listed(),
    "workbench page /api/v1/sessions": listed(),
    "workbench page /api/v1/sessions/<str:name>": of_session(),
    "workbench page /api/v1/sessions/<str:name>/brief": of_session(),
    "workbench page /api/v1/sessions/<str:name>/messages": of_session(GET=None, POST=TEXT),
    "workbench page /api/v1/sessions/<str:name>/accept": of_session(POST={}),
    "workbench page /api/v1/sessions/<str:name>/return-to-ai": of_session(POST={}),
    "workbench page /api/v1/sessions/<str:name>/close": of_session(POST={}),
    "workbench page /api/v1/sessions/<str:name>/typing": of_session(POST={}),
    "workbench page /api/v1/sessions/<str:name>/read": of_session(POST={"last_message_id": 1}),
    "workbench page /api/v1/sessions/<str:name>/department": of_session(POST={"department": None}),
    "workbench page /api/v1/copilot": listed(),
    "workbench page /api/v1/copilot/articles": listed(),
    "workbench page /api/v1/sessions/<str:name>/copilot": of_session(POST={"task": "suggest"}),
    "workbench page /api/v1/sessions/<str:name>/copilot/<str:asked>": Tried(
        {"name": its(Conversation, "name")}, {"DELETE": None}, words={"asked": "request"}
    ),
    "workbench page /api/v1/sessions/<str:name>/tool-calls": of_session(),
    "workbench page /api/v1/tool-calls/<int:call>": of(ToolCall, "call", "pk"),
    "workbench page /api/v1/tool-calls/<int:call>/approve": of(ToolCall, "call", "pk", POST={}),
    "workbench page /api/v1/tool-calls/<int:call>/reject": of(ToolCall, "call", "pk", POST={}),
    "workbench page /api/v1/me": listed(),
    "workbench page /api/v1/me/sessions": listed(),
    "workbench page /api/v1/me/sessions/<int:id>": of(UserSession, "id", "pk", DELETE=None),
    "workbench page /api/v1/menus/me": listed(),
    "workbench page /api/v1/permissions/explain": Tried(
        query={
            "user": its(User),
            "object": lambda treasure: f"tenants.department:{treasure.key(Department)}",
        }
    ),
    "workbench page /api/v1/api-keys": listed(),
    "workbench page /api/v1/api-keys/<str:prefix>": of(ApiKey, "prefix", "prefix", DELETE=None),
    "workbench page /api/v1/departments": listed(),
    "workbench page /api/v1/departments/<str:code>": of(
        Department, "code", "code", PATCH={"name": "Mine"}, DELETE=None
    ),
    "workbench page /api/v1/departments/<str:code>/move": of(
        Department, "code", "code", POST={"parent": None}
    ),
    "workbench page /api/v1/positions": listed(),
    "workbench page /api/v1/usage": listed(),
    "workbench page /api/v1/people": form(),
    "workbench page /api/v1/people/<str:username>": of_person(GET=None, PATCH={"active": False}),
    "workbench page /api/v1/people/<str:username>/sessions": of_person(DELETE=None),
    "workbench page /api/v1/me/availability": Tried(calls={"PUT": {"availability": "away"}}),
    "workbench page /people/": listed(),
    "workbench page /people/invite/": form(),
    "workbench page /people/@<str:username>/": of_person(),
    "workbench page /people/@<str:username>/place/": of_person(POST={}),
    "workbench page /people/@<str:username>/roles/": of_person(POST={}),
    "workbench page /people/@<str:username>/switch/": of_person(POST={"active": "off"}),
    "workbench page /people/@<str:username>/sign-out/": of_person(POST={}),
    "workbench page /accounts/api-keys/<str:prefix>/revoke/": of(
        ApiKey, "prefix", "prefix", POST={}
    ),
    "workbench page /api/v1/audit": listed(),
    "workbench page /api/v1/evaluation/cases": Tried(calls={"POST": CASE}),
    "workbench page /api/v1/settings": listed(),
    "workbench page /api/v1/settings/<str:group>": Tried(words={"group": "sign_in"}),
    "workbench page /api/v1/dictionaries": listed(),
    "workbench page /api/v1/dictionaries/<str:code>": of(DictionaryType, "code", "code"),
    "workbench page /api/v1/moderation/check": Tried(calls={"POST": {"text": "hello"}}),
    "workbench page /api/v1/moderation/words": listed(),
    "workbench page /api/v1/moderation/words/<int:id>": of(
        SensitiveWord, "id", "pk", PATCH={"enabled": False}, DELETE=None
    ),
    "workbench page /api/v1/moderation/hits": listed(),
    "workbench page /api/v1/moderation/hits/<int:id>/verdict": of(
        Hit, "id", "pk", POST={"verdict": "confirmed"}
    ),
    "workbench page /api/v1/messages/<int:id>/reveal": of(
        Message, "id", "pk", POST={"reason": "curious"}
    ),
    "workbench page /api/v1/errors": Public("every code that an answer may carry"),
    "workbench page /api/v1/knowledge/articles": form(),
    "workbench page /api/v1/knowledge/articles/<int:id>": of(
        Article, "id", "pk", GET=None, PATCH={"title": "Mine"}, DELETE=None
    ),
    "workbench page /api/v1/knowledge/imports": form(),
    "workbench page /api/v1/knowledge/imports/<int:id>": of(ImportJob, "id", "pk"),
    "workbench page /accounts/sessions/<int:id>/": of(UserSession, "id", "pk", POST={}),
    "workbench page /accounts/2fa/webauthn/keys/<int:pk>/remove/": of(
        Authenticator, "pk", "pk", GET=None, POST={}
    ),
    "workbench page /accounts/2fa/webauthn/keys/<int:pk>/edit/": of(
        Authenticator, "pk", "pk", GET=None, POST={"name": "mine"}
    ),
    "workbench page /accounts/sso/<str:provider_id>/": Public("sends to a company's own sign-in"),
    "workbench page /accounts/sso/<str:provider_id>/callback/": Public("comes back from there"),
    "workbench page /admin/r/<path:content_type_id>/<path:object_id>/": Tried(
        {
            "content_type_id": lambda row: row.content_type(Conversation),
            "object_id": its(Conversation),
        }
    ),
    "workbench stream /api/v1/events": listed(),
    "workbench stream /mcp": listed(),  # API keys: chatbot/tools/tests/test_offered.py
}

# Libraries' pages without any id in their address, tried as a family.
FAMILIES: dict[str, Tried | Public] = {
    "workbench page /_allauth/app/v1/": form(),
    "workbench page /^_allauth/": Public("closed for everyone"),
    "workbench page /accounts/": form(),
    "workbench page /admin/^(?P<app_label>": Public(
        "the tables of one app that the reader may open"
    ),
    "workbench page /admin/(?P<url>": Public("the page for addresses that do not exist"),
    "workbench page /admin/": listed(),
}
