"""The console: one page, and the fragments it is made of. Nothing here writes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatbot.conversations.access import access_conversation
from chatbot.tools.access import access_own_call
from chatplatform.accounts.models import User
from chatplatform.dictionaries.seeds import CLOSE_REASON
from chatplatform.dictionaries.selectors import choices
from realtime import log
from workbench.desk import selectors
from workbench.desk.doors import agents_only, tenant_of
from workbench.desk.inbox import Inbox
from workbench.desk.menu import menu_of
from workbench.desk.thread import Thread, lines_after, lines_before

FRAGMENTS = "workbench/desk"


@require_safe
@never_cache
@agents_only
def console(request: HttpRequest, agent: User, name: str = "") -> HttpResponse:
    """The whole page, with one conversation open if `name` is given."""
    position = log.position(tenant_of(agent).slug)  # before the state: then nothing is missed
    thread = _thread(agent, name) if name else None
    context = {
        **_frame(request, agent),
        "position": position,
        "counts": selectors.counts(agent),
        "close_reasons": choices(tenant_of(agent), CLOSE_REASON),
        "thread": thread,
        "open_name": name,
    }
    return render(request, f"{FRAGMENTS}/console.html", context)


@require_safe
@never_cache
@agents_only
def views(request: HttpRequest, agent: User) -> HttpResponse:
    """The three views with their counts."""
    context = {**_frame(request, agent), "counts": selectors.counts(agent)}
    return render(request, f"{FRAGMENTS}/views.html", context)


@require_safe
@never_cache
@agents_only
def inbox(request: HttpRequest, agent: User) -> HttpResponse:
    """The list of conversations; `open` names the one that is shown beside it."""
    context = {**_frame(request, agent), "open_name": request.GET.get("open", "")}
    return render(request, f"{FRAGMENTS}/inbox.html", context)


@require_safe
@never_cache
@agents_only
def nothing_open(request: HttpRequest, agent: User) -> HttpResponse:
    """The right pane before a conversation is chosen."""
    context = {**_frame(request, agent), "counts": selectors.counts(agent)}
    return render(request, f"{FRAGMENTS}/nothing_open.html", context)


@require_safe
@never_cache
@agents_only
def conversation(request: HttpRequest, agent: User, name: str) -> HttpResponse:
    """The right pane."""
    context = {**_frame(request, agent), "thread": _thread(agent, name)}
    return render(request, f"{FRAGMENTS}/conversation.html", context)


@require_safe
@never_cache
@agents_only
def conversation_state(request: HttpRequest, agent: User, name: str) -> HttpResponse:
    """What a change of state touches: head, foot and details."""
    context = {**_frame(request, agent), "thread": _thread(agent, name)}
    return render(request, f"{FRAGMENTS}/thread_state.html", context)


@require_safe
@never_cache
@agents_only
def messages(request: HttpRequest, agent: User, name: str) -> HttpResponse:
    """What was said `after` a message, or the page `before` one."""
    thread = _thread(agent, name)
    context: dict[str, Any] = {"thread": thread}
    if before := _message_id(request, "before"):
        lines, earlier = lines_before(thread.conversation, before)
        context |= {"lines": lines, "earlier_than": earlier, "is_earlier_page": True}
    else:
        context["lines"] = lines_after(thread.conversation, _message_id(request, "after"))
    return render(request, f"{FRAGMENTS}/messages.html", context)


@require_safe
@never_cache
@agents_only
def call(request: HttpRequest, agent: User, name: str, call: int) -> HttpResponse:
    """The line of one call of a tool."""
    thread = _thread(agent, name)
    found = access_own_call(conversation=thread.conversation, call=call)
    return render(request, f"{FRAGMENTS}/call.html", {"call": found, "thread": thread})


def _thread(agent: User, name: str) -> Thread:
    return Thread(access_conversation(user=agent, name=name), agent)


def _frame(request: HttpRequest, agent: User) -> dict[str, Any]:
    return {
        "tenant": tenant_of(agent),
        "inbox": Inbox.asked_for(agent, request.GET),
        **menu_of(agent),
    }


def _message_id(request: HttpRequest, field: str) -> int:
    """An id from the address; 0 for anything that is none (ids are 64-bit)."""
    text = request.GET.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
