"""Servers and what they offer: written down, fetched anew, accepted by people."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chatbot.tools.calling.outcomes import ToolFailed
from chatbot.tools.choices import Health, Kind
from chatbot.tools.discovery.offers import Offer, offers_of
from chatbot.tools.models import Tool, ToolServer
from chatbot.tools.runtime_settings import ToolSettings
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import all_tenants, tenant_scope

LONGEST_ERROR = 500


@transaction.atomic
def save_server(*, server: ToolServer, actor: Actor = SYSTEM) -> ToolServer:
    """Write a new server or one anew."""
    before, known = stored_values_of(server), server.pk is not None
    if server.kind == Kind.MCP and before.get("url") != server.url:
        server.sync_at = timezone.now()
    server.save()
    _record(server, "change" if known else "create", actor, before, values_of(server))
    return server


@transaction.atomic
def delete_server(*, server: ToolServer, actor: Actor = SYSTEM) -> None:
    """Its tools go with it; their calls stay."""
    name, tenant = server.name, server.tenant
    server.delete()
    audit.record(tenant=tenant, actor=actor, action="tool_server.delete", target=name)


@transaction.atomic
def request_sync(*, server: ToolServer, actor: Actor = SYSTEM) -> None:
    """Have a worker ask the server soon: no page waits for a stranger's machine."""
    ToolServer.objects.filter(pk=server.pk).update(sync_at=timezone.now())
    audit.record(tenant=server.tenant, actor=actor, action="tool_server.ask", target=server)


def sync_due() -> int:
    """Ask the servers whose time has come, each by one process; how many."""
    asked = 0
    interval = timedelta(hours=current(ToolSettings).sync_hours)
    with all_tenants():
        due = ToolServer.objects.filter(enabled=True, sync_at__lte=timezone.now())
        found = list(due.select_related("tenant").order_by("sync_at")[:8])
    for server in found:
        with tenant_scope(server.tenant):
            mine = ToolServer.objects.filter(pk=server.pk, sync_at=server.sync_at)
            if not mine.update(sync_at=timezone.now() + interval):
                continue
        asked += 1
        with suppress(ToolFailed):  # noted with the server
            sync_server(server=server)
    return asked


def sync_server(*, server: ToolServer, actor: Actor = SYSTEM) -> list[Tool]:
    """Ask what it offers and write it down: new tools are off until somebody looks at them, changed
    ones wait to be accepted. The new ones; ToolFailed if it can't be asked, which is noted too.

    Talks to the server: not to be called inside a transaction or a view that must be quick.
    """
    try:
        offers = offers_of(server)
    except ToolFailed as error:
        note_health(server, str(error), Health.FAILING)
        raise
    return take_offers(server=server, offers=offers.taken, left_out=offers.left_out, actor=actor)


@transaction.atomic
def take_offers(
    *,
    server: ToolServer,
    offers: Iterable[Offer],
    left_out: Sequence[str] = (),
    actor: Actor = SYSTEM,
) -> list[Tool]:
    """Compare what is offered with what is known. `left_out` are sentences about what can't be."""
    with tenant_scope(server.tenant):
        known = {tool.remote.get("id"): tool for tool in Tool.objects.filter(server=server)}
        found = {offer.id: offer for offer in offers}
        for key, tool in known.items():
            _compare(tool, found.get(key), built_in=server.kind == Kind.BUILTIN)
        new = [_add(server, each) for each in found.values() if each.id not in known]
        note_health(server, "; ".join(left_out), Health.WELL)
        audit.record(
            tenant=server.tenant,
            actor=actor,
            action="tool_server.sync",
            target=server,
            data={"offered": len(found), "new": [tool.name for tool in new]},
        )
    return new


def note_health(server: ToolServer, told: str, status: Health) -> None:
    """What the last look at it showed."""
    if len(told) > LONGEST_ERROR:
        told = f"{told[: LONGEST_ERROR - 1]}…"
    server.status, server.last_error, server.last_check = status, told, timezone.now()
    seen = {"status": status, "last_error": told, "last_check": server.last_check}
    ToolServer._base_manager.filter(pk=server.pk).update(**seen)


@transaction.atomic
def save_tool(*, tool: Tool, actor: Actor = SYSTEM) -> Tool:
    """Write a tool's settings; a new one too."""
    before, known = stored_values_of(tool), tool.pk is not None
    tool.save()
    action = "tool.change" if known else "tool.create"
    after = values_of(tool)
    audit.record(
        tenant=tool.tenant, actor=actor, action=action, target=tool, before=before, after=after
    )
    return tool


@transaction.atomic
def accept_tool(*, tool: Tool, actor: Actor = SYSTEM) -> None:
    """Use it as the server describes it now. Nothing to accept: nothing happens."""
    if tool.offered is None:
        return
    before = values_of(tool, *_OFFERED)
    for name in _OFFERED:
        setattr(tool, name, tool.offered[name])
    tool.accepted, tool.offered = tool.offered, None
    tool.save()
    after = values_of(tool, *_OFFERED)
    audit.record(
        tenant=tool.tenant,
        actor=actor,
        action="tool.accept",
        target=tool,
        before=before,
        after=after,
    )


_OFFERED = ("description", "remote", "input_schema", "output_schema")


def _compare(tool: Tool, offer: Offer | None, *, built_in: bool) -> None:
    """What people accepted stays; what the server says otherwise now is kept beside it."""
    said = offer.described() if offer else None
    if built_in and said:  # ours: it comes with the release
        Tool.objects.filter(pk=tool.pk).update(**said, accepted=said)
    changed = said if said not in (None, tool.accepted) and not built_in else None
    Tool.objects.filter(pk=tool.pk).update(offered=changed, missing=offer is None)


def _add(server: ToolServer, offer: Offer) -> Tool:
    tool = Tool(
        tenant=server.tenant,
        server=server,
        name=_free_name(server, offer.name),
        title=offer.title,
        risk=offer.risk,
        audience=offer.audience,
        wordings="\n".join(offer.wordings),
        accepted=offer.described(),
        **offer.described(),
    )
    tool.save()
    return tool


def _free_name(server: ToolServer, wanted: str) -> str:
    taken = set(Tool.objects.filter(tenant=server.tenant).values_list("name", flat=True))
    endings = (f"{wanted[:60]}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *endings) if name not in taken)


def _record(
    server: ToolServer, verb: str, actor: Actor, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(
        tenant=server.tenant,
        actor=actor,
        action=f"tool_server.{verb}",
        target=server,
        before=before,
        after=after,
    )
