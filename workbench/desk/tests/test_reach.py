"""An agent whose roles reach a department: what lies beyond it is not there, by whatever door."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from chatbot.conversations import access, authors, services
from chatbot.conversations.access import UnknownSession
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import StateConflict
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.visibility import LeftScope
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Department, Tenant
from realtime.testing import published
from workbench.desk.selectors import counts
from workbench.desk.tests.conftest import Opener, Signed, fresh

AGENT = Q(codename__in=["serve_conversation", "route_conversation"])


@pytest.fixture
def sales(in_tenant: Tenant) -> Department:
    return tenants.create_department(tenant=in_tenant, name="Sales", actor=SYSTEM)


@pytest.fixture
def support(in_tenant: Tenant) -> Department:
    return tenants.create_department(tenant=in_tenant, name="Support", actor=SYSTEM)


@pytest.fixture
def ben(ben: User, sales: Department) -> User:
    """Of sales, and sees what is for sales."""
    ben.department = sales
    ben.save()
    return give(ben, role(ben.tenant, AGENT, scope=Scope.DEPARTMENT))


def put(conversation: Conversation, department: Department | None) -> Conversation:
    Conversation.objects.filter(pk=conversation.pk).update(department=department)
    return fresh(conversation)


@pytest.fixture
def beyond(waiting: Opener, support: Department) -> Conversation:
    """Somebody who waits for support."""
    return put(waiting("Eve", reason="The charger"), support)


CALLS: dict[str, dict[str, object] | None] = {
    "": None,
    "/messages": None,
    "/accept": {},
    "/department": {"department": None},
    "/return-to-ai": {},
    "/close": {},
    "/typing": {},
    "/read": {"last_message_id": 1},
    "/messages ": {"text": "Hello"},
}


@pytest.mark.parametrize("call", CALLS)
def test_beyond_her_reach_every_call_is_404(
    at_bens: Signed, beyond: Conversation, call: str
) -> None:
    path, body = f"/sessions/{beyond.name}{call.strip()}", CALLS[call]
    answer = at_bens.get(f"/api/v1{path}") if body is None else at_bens.call(path, body)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_session"
    assert fresh(beyond).state == State.QUEUED
    assert not Message.objects.filter(author_user=at_bens.user).exists()


@pytest.mark.parametrize("page", ["", "pane/", "state/", "messages/"])
def test_beyond_her_reach_every_page_is_404(
    at_bens: Signed, beyond: Conversation, page: str
) -> None:
    assert at_bens.get(f"/c/{beyond.name}/{page}").status_code == 404


def test_lists_search_and_counts_show_her_reach(
    at_bens: Signed, ben: User, beyond: Conversation, waiting: Opener, sales: Department
) -> None:
    put(waiting("Ann"), sales)
    waiting("Ada")
    listed = at_bens.get("/api/v1/sessions").json()["results"]
    assert {row["customer"]["name"] for row in listed} == {"Ann", "Ada"}
    assert {row["department"] and row["department"]["code"] for row in listed} == {None, sales.code}
    tally = counts(ben)
    assert (tally.queue, tally.open) == (2, 2)
    for query in ("?view=queue", "?view=all", "?view=all&q=Eve", f"?view=all&q={beyond.name}"):
        page = at_bens.fragment(f"/fragments/inbox/{query}").content.decode()
        assert "Eve" not in page.replace('value="Eve"', ""), query
        assert "The charger" not in page


def test_accepting_makes_it_hers_wherever_it_goes(
    at_bens: Signed, ben: User, waiting: Opener, support: Department
) -> None:
    name = waiting("Ann").name
    assert at_bens.call(f"/sessions/{name}/accept").status_code == 200
    moved = at_bens.call(f"/sessions/{name}/department", {"department": support.code})
    assert moved.json()["department"] == {"code": support.code, "name": "Support"}
    assert at_bens.call(f"/sessions/{name}/messages", {"text": "Hello"}).status_code == 201


def test_what_was_moved_away_meanwhile_can_not_be_accepted(
    ben: User, waiting: Opener, support: Department
) -> None:
    seen = access.access_conversation(user=ben, name=waiting("Ann").name)
    put(seen, support)
    with pytest.raises(UnknownSession):
        services.accept_conversation(conversation=seen, agent=ben)
    assert fresh(seen).state == State.QUEUED


def test_accepting_out_of_ones_own_sight_is_taken_back(
    ben: User, bea: User, waiting: Opener
) -> None:
    """A role limited to a colleague's conversations shows none that become one's own."""
    limit = {"conversations.conversation": {"language": "en"}}
    unlimited = role(ben.tenant, AGENT, scope=Scope.CUSTOM, constraints=limit)
    ben = give(ben, unlimited)
    seen = access.access_conversation(user=ben, name=waiting("Ann").name)
    odd = {"conversations.conversation": {"department": bea.pk}}
    unlimited.constraints = odd
    unlimited.save()
    with pytest.raises((UnknownSession, LeftScope)):
        services.accept_conversation(conversation=seen, agent=give(ben, unlimited))
    assert fresh(seen).state == State.QUEUED


def test_a_customer_names_the_department_she_wants(
    ben: User, opened: Opener, support: Department, sales: Department
) -> None:
    conversation = opened("Ann")
    customer = authors.customer(conversation.customer)
    services.request_transfer(conversation=conversation, actor=customer, department=support)
    with pytest.raises(UnknownSession):
        access.access_conversation(user=ben, name=conversation.name)
    heard = [event for event in published("shop") if event.type == "transfer_request"][-1]
    assert f"sse:department:{support.pk}" in heard.channels
    asked = AuditEntry.objects.get(action="conversation.request_transfer")
    assert asked.data["department"] == support.code


def test_moving_is_one_event_and_one_line_of_history(
    ben: User, bea: User, waiting: Opener, sales: Department, support: Department
) -> None:
    conversation = put(waiting("Ann"), sales)
    before, version = len(published("shop")), conversation.version
    moved = services.move_to_department(conversation=conversation, department=support, by=ben)
    (event,) = published("shop")[before:]
    assert event.type == "department_change"
    assert event.payload["previous"] == {"code": sales.code, "name": "Sales"}
    assert {f"sse:department:{sales.pk}", f"sse:department:{support.pk}"} <= set(event.channels)
    assert fresh(moved).version == version, "the AI's answer on the way is not lost by it"
    line = AuditEntry.objects.get(action="conversation.move_to_department")
    assert (line.data["previous"], line.data["department"]) == (sales.code, support.code)
    services.move_to_department(conversation=moved, department=support, by=bea)
    assert len(published("shop")) == before + 1, "there already: nothing happens"


def test_who_moves_too_late_hears_so(
    ben: User, bea: User, waiting: Opener, sales: Department, support: Department
) -> None:
    seen = put(waiting("Ann"), sales)
    put(seen, support)
    with pytest.raises(UnknownSession):
        services.move_to_department(conversation=seen, department=None, by=ben)
    with pytest.raises(StateConflict):
        services.move_to_department(conversation=seen, department=None, by=bea)


def test_moving_needs_the_permission(ben: User, waiting: Opener, sales: Department) -> None:
    ben = give(ben, role(ben.tenant, ["serve_conversation"]))
    with pytest.raises(PermissionRefused):
        services.move_to_department(conversation=waiting("Ann"), department=sales, by=ben)


@pytest.mark.parametrize("code", ["D-none", "x" * 16, "no\\such", ""])
def test_an_unknown_department_is_400(at_bens: Signed, waiting: Opener, code: str) -> None:
    path = f"/sessions/{waiting('Ann').name}/department"
    answer = at_bens.call(path, {"department": code or "x" * 17})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "department"


def test_an_inactive_or_a_strangers_department_is_400(
    at_bens: Signed, waiting: Opener, sales: Department, other_tenant: Tenant
) -> None:
    path = f"/sessions/{waiting('Ann').name}/department"
    for _ in range(3):
        theirs = tenants.create_department(tenant=other_tenant, name="Theirs", actor=SYSTEM)
    assert at_bens.call(path, {"department": theirs.code}).status_code == 400
    Department.objects.update(active=False)
    assert at_bens.call(path, {"department": sales.code}).status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["/api/v1/sessions", "/fragments/inbox/?view=all", "/"])
def test_a_list_costs_the_same_for_one_and_for_twenty(
    at_bens: Signed, waiting: Opener, sales: Department, url: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert at_bens.get(url).status_code == 200
        return len(asked)

    put(waiting("Ann"), sales)
    cost()
    one = cost()
    for number in range(19):
        put(waiting(f"Ann {number}"), sales)
    assert cost() == one


def names(call: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        call()
    return [each["sql"] for each in asked]


@pytest.mark.django_db(transaction=True)
def test_reach_adds_no_query_to_a_signed_in_request(at_bens: Signed, waiting: Opener) -> None:
    """Two in all before the answer's own: the session, and the user with her company."""
    waiting("Ann")
    at_bens.get("/api/v1/sessions")
    asked = names(lambda: at_bens.get("/api/v1/sessions"))
    assert [sql for sql in asked if "roles_role" in sql or "auth_permission" in sql] == []
    before = [sql for sql in asked if "conversations_conversation" not in sql]
    assert len(before) <= 3, before
