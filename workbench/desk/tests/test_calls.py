"""What the assistant wants to do, decided in the console and by the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatbot.conversations.models import Conversation
from chatbot.tools.choices import CallStatus, Kind, Risk
from chatbot.tools.models import Tool, ToolCall, ToolServer
from chatplatform.accounts.models import User
from chatplatform.kernel.ids import public_id
from chatplatform.roles.models import Role
from workbench.desk.tests.conftest import Opener, Signed

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]


def asked(
    conversation: Conversation, status: CallStatus = CallStatus.OK, **fields: Any
) -> ToolCall:
    waits = status == CallStatus.AWAITING_APPROVAL
    call: ToolCall = ToolCall.objects.create(
        tenant=conversation.tenant,
        conversation=conversation,
        tool_name="refund",
        title="Refund",
        risk=Risk.MONEY if waits else Risk.READ,
        status=status,
        arguments={"order": "10001"},
        sealed="{}" if waits else "",
        expires_at=timezone.now() + timedelta(minutes=5) if waits else None,
        idempotency_key=public_id(),
        **fields,
    )
    return call


def test_a_call_is_approved_once(at_bens: Signed, served: Opener) -> None:
    call = asked(served(at_bens.user), CallStatus.AWAITING_APPROVAL)
    path = f"/tool-calls/{call.pk}"
    first = at_bens.call(f"{path}/approve")
    assert (first.status_code, first.json()["status"]) == (200, "queued")
    assert first.json()["decided_by"] == at_bens.user.public_name
    assert at_bens.call(f"{path}/approve").status_code == 200
    late = at_bens.call(f"{path}/reject", {"reason": "No"})
    assert (late.status_code, late.json()["code"]) == (409, "call_decided")
    assert late.json()["call"]["status"] == "queued"


def test_a_rejection_has_a_reason(at_bens: Signed, served: Opener) -> None:
    call = asked(served(at_bens.user), CallStatus.AWAITING_APPROVAL)
    answer = at_bens.call(f"/tool-calls/{call.pk}/reject", {"reason": "Too late"})
    assert (answer.json()["status"], answer.json()["reason"]) == ("rejected", "Too late")


def test_approving_needs_its_own_right(at_bens: Signed, served: Opener) -> None:
    right = Permission.objects.get(codename="approve_toolcall")
    for group in at_bens.user.groups.all():
        group.permissions.remove(right)
    conversation = served(at_bens.user)
    call = asked(conversation, CallStatus.AWAITING_APPROVAL)
    for verb in ("approve", "reject"):
        assert at_bens.call(f"/tool-calls/{call.pk}/{verb}").status_code == 403
    page = at_bens.get(f"/c/{conversation.name}/calls/{call.pk}/").content.decode()
    assert "data-approve" not in page


def test_the_thread_shows_what_was_done(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    done = asked(conversation, result='{"state": "sent"}', latency_ms=12)
    waiting = asked(conversation, CallStatus.AWAITING_APPROVAL)
    page = at_bens.get(f"/c/{conversation.name}/").content.decode()
    assert f'id="call-{done.pk}"' in page
    assert "sent" in page
    line = at_bens.get(f"/c/{conversation.name}/calls/{waiting.pk}/").content.decode()
    assert f'data-approve="{waiting.pk}"' in line
    listed = at_bens.get(f"/api/v1/sessions/{conversation.name}/tool-calls").json()["results"]
    assert [each["id"] for each in listed] == [done.pk, waiting.pk]
    assert listed[0]["arguments"] == {"order": "10001"}


def test_a_thread_costs_the_same_for_one_and_for_twenty_calls(
    at_bens: Signed, served: Opener
) -> None:
    conversation = served(at_bens.user)
    counts = []
    for number in (1, 19):
        for _ in range(number):
            asked(conversation)
        at_bens.get(f"/c/{conversation.name}/")
        with CaptureQueriesContext(connection) as captured:
            at_bens.get(f"/c/{conversation.name}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_waits_for_approval_is_listed_most_urgent_first(
    at_bens: Signed, opened: Opener
) -> None:
    late, soon, calm = opened("Late"), opened("Soon"), opened("Calm")
    for conversation, minutes in ((late, 9), (soon, 3)):
        call = asked(conversation, CallStatus.AWAITING_APPROVAL)
        ToolCall.objects.filter(pk=call.pk).update(
            expires_at=timezone.now() + timedelta(minutes=minutes)
        )
    asked(calm)
    page = at_bens.fragment("/fragments/inbox/?view=approvals").content.decode()
    assert [part.split('"')[0] for part in page.split('data-row="')[1:]] == [soon.name, late.name]
    assert page.count(">Refund</span>") == 2
    views = at_bens.fragment("/fragments/views/").content.decode()
    assert 'data-approvals="2"' in views
    assert 'id="view-approvals"' in views
    ToolCall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    empty = at_bens.fragment("/fragments/inbox/?view=approvals").content.decode()
    assert "Nothing waits for approval" in empty


def test_only_who_may_decide_is_told_of_it(at_bens: Signed, opened: Opener) -> None:
    conversation = opened("Ana")
    group = Group.objects.create(name="cashiers")
    tool = Tool.objects.create(
        tenant=conversation.tenant,
        name="refund",
        server=ToolServer.objects.create(
            tenant=conversation.tenant, kind=Kind.BUILTIN, name="Shop"
        ),
    )
    tool.roles.add(Role.objects.create(tenant=conversation.tenant, name="Cashiers", group=group))
    call = asked(conversation, CallStatus.AWAITING_APPROVAL, tool=tool)
    line = f"/c/{conversation.name}/calls/{call.pk}/"
    assert 'data-approvals="0"' in at_bens.fragment("/fragments/views/").content.decode()
    assert "data-approve" not in at_bens.get(line).content.decode()
    at_bens.user.groups.add(group)
    assert 'data-approvals="1"' in at_bens.fragment("/fragments/views/").content.decode()
    assert "data-approve" in at_bens.get(line).content.decode()
    right = Permission.objects.get(codename="approve_toolcall")
    for each in at_bens.user.groups.all():
        each.permissions.remove(right)
    views = at_bens.fragment("/fragments/views/").content.decode()
    assert "view-approvals" not in views


def test_a_stranger_finds_no_call(at_bens: Signed, sam: User, served: Opener, client: Any) -> None:
    call = asked(served(at_bens.user), CallStatus.AWAITING_APPROVAL)
    client.force_login(sam)
    assert client.get(f"/api/v1/tool-calls/{call.pk}").status_code == 404
    assert client.post(f"/api/v1/tool-calls/{call.pk}/approve").status_code == 404
