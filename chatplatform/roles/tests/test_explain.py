"""`GET /api/v1/permissions/explain`: which role, which reach, which limit."""

from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from chatbot.conversations.models import Message
from chatplatform.accounts.models import User
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.conftest import Shop, talk
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Position, Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

TALKS = "conversations.conversation"
SERVE = Q(codename="serve_conversation")


def ask(by: User, user: object, row: str, **more: str) -> Any:
    client = Client()
    client.force_login(by)
    query = {"user": str(user), "object": row, **more}
    return client.get("/api/v1/permissions/explain", query)


def why(by: User, user: User, row: str, **more: str) -> dict[str, Any]:
    answer = ask(by, user.username, row, **more)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_it_names_role_and_reach(shop: Shop, ada: User, ben: User) -> None:
    narrow = role(shop.tenant, SERVE, scope=Scope.OWN, name="Narrow")
    wide = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT, name="Wide")
    ben = give(ben, narrow, wide)
    hers = talk(shop.tenant, department=shop.sales)
    told = why(ada, ben, f"{TALKS}:{hers.name}", permission="conversations.serve_conversation")
    assert (told["allowed"], told["reason"]) == (True, "role")
    assert told["object"] == f"{TALKS}:{hers.name}"
    assert {each["role"]: (each["reach"], each["shows"]) for each in told["roles"]} == {
        "Narrow": (None, False),
        "Wide": ("department", True),
    }
    assert all(each["permits"] for each in told["roles"])


@pytest.mark.parametrize(
    ("made", "reach"),
    [({"agent": True}, "owner"), ({}, "shared"), ({"department": True}, "department")],
)
def test_it_says_how_a_row_is_reached(
    shop: Shop, ada: User, ben: User, made: dict[str, bool], reach: str
) -> None:
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.DEPARTMENT))
    whose: dict[str, Any] = {"agent": ben, "department": shop.sales}
    one = talk(shop.tenant, **{key: whose[key] for key in made})
    told = why(ada, ben, f"{TALKS}:{one.pk}")
    assert told["roles"][0]["reach"] == reach


def test_it_says_what_keeps_a_row_away(shop: Shop, ada: User, ben: User) -> None:
    one = talk(shop.tenant, department=shop.support, language="zh-hans")
    row = f"{TALKS}:{one.name}"
    department = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT)
    english = role(
        shop.tenant, SERVE, name="English", constraints={TALKS: {"language__in": ["en"]}}
    )
    off = role(shop.tenant, SERVE, name="Off", enabled=False)
    people = role(shop.tenant, ["view_user"], name="People")
    reasons = {
        "no_role": give(ben, off, people),
        "out_of_reach": give(ben, department),
    }
    told = why(ada, reasons["out_of_reach"], row)
    assert (told["allowed"], told["reason"]) == (False, "out_of_reach")
    told = why(ada, give(ben, off, people), row)
    assert told["reason"] == "no_role"
    assert {each["role"]: each["enabled"] for each in told["roles"]} == {
        "Off": False,
        "People": True,
    }
    told = why(ada, give(ben, english), row)
    assert told["reason"] == "constraint"
    assert told["roles"][0]["constraints"] == [
        {"field": "language", "operator": "in", "value": ["en"], "holds": False}
    ]
    told = why(ada, give(ben, english, role(shop.tenant, SERVE, name="All")), row)
    assert told["allowed"]
    lacking = why(ada, ben, row, permission="accounts.change_user")
    assert (lacking["allowed"], lacking["reason"]) == (False, "no_permission")
    ben.is_active = False
    ben.save()
    assert why(ada, ben, row)["reason"] == "inactive"


def test_a_misunderstood_limit_is_named(shop: Shop, ada: User, ben: User) -> None:
    broken = role(shop.tenant, SERVE, constraints={TALKS: {"password__startswith": "a"}})
    told = why(ada, give(ben, broken), f"{TALKS}:{talk(shop.tenant).name}")
    assert told["reason"] == "constraint"
    assert told["roles"][0]["constraints"][0]["operator"] == "unknown_field"


def test_what_others_decide_is_explained_by_them(shop: Shop, ada: User, ben: User) -> None:
    message = Message.objects.create(
        tenant=shop.tenant, conversation=talk(shop.tenant), author_kind="customer", text="Hello"
    )
    told = why(ada, give(ben, role(shop.tenant, SERVE, scope=Scope.OWN)), _row(message))
    assert (told["decided_by"], told["roles"][0]["reach"]) == (TALKS, "shared")
    lead = Position.objects.create(tenant=shop.tenant, code="lead", name="Lead")
    assert why(ada, ben, _row(lead))["reason"] == "tenant_wide"


def test_it_agrees_with_the_lists(shop: Shop, ada: User, ben: User, bea: User) -> None:
    rows = [
        talk(shop.tenant, department=department, agent=agent)
        for department in (None, shop.sales, shop.support)
        for agent in (None, ben, bea)
    ]
    for scope in Scope.values:
        ben = give(ben, role(shop.tenant, SERVE, scope=scope, departments=[shop.support]))
        shown = set(type(rows[0]).objects.visible_to(ben))
        told = {one for one in rows if why(ada, ben, _row(one))["allowed"]}
        assert told == shown, scope


def test_only_who_may_look_at_roles_is_told(shop: Shop, ada: User, ben: User, cleo: User) -> None:
    row = f"{TALKS}:{talk(shop.tenant).name}"
    assert ask(cleo, "ben", row).status_code == 403
    assert ask(ben, "ben", row).status_code == 403
    assert Client().get("/api/v1/permissions/explain").status_code == 401


@pytest.mark.parametrize("user", ["sam", "nobody", "0", "9" * 30, "\0", "'", "ben\n"])
def test_people_of_others_are_not_there(shop: Shop, ada: User, sam: User, user: str) -> None:
    assert ask(ada, user, f"{TALKS}:{talk(shop.tenant).name}").status_code in (400, 404)


@pytest.mark.parametrize(
    "row",
    [
        "conversations.conversation:nosuch",
        "conversations.conversation",
        "conversations.conversation:",
        "conversations.conversation:\0",
        "sessions.session:1",
        "auth.permission:1",
        "conversations.nothing:1",
        "nothing",
        ":",
        "a.b.c:1",
        "",
    ],
)
def test_what_is_not_there_is_404_or_400(shop: Shop, ada: User, ben: User, row: str) -> None:
    assert ask(ada, "ben", row).status_code in (400, 404)


def test_rows_of_others_are_not_there(
    shop: Shop, ada: User, ben: User, sam: User, other_tenant: Tenant
) -> None:
    theirs = talk(other_tenant)
    assert ask(ada, "ben", f"{TALKS}:{theirs.name}").status_code == 404
    assert ask(ada, "ben", f"{TALKS}:{theirs.pk}").status_code == 404
    assert ask(ada, "ben", f"accounts.user:{sam.pk}").status_code == 404


def test_who_sees_a_part_asks_about_that_part(shop: Shop, ben: User, bea: User) -> None:
    about = SERVE | Q(codename__in=["view_role", "view_user"])
    lead = give(ben, role(shop.tenant, about, scope=Scope.DEPARTMENT))
    beyond = talk(shop.tenant, department=shop.support)
    assert ask(lead, "ben", f"{TALKS}:{beyond.name}").status_code == 404
    assert ask(lead, "bea", f"{TALKS}:{talk(shop.tenant).name}").status_code == 404
    assert ask(lead, "ben", f"{TALKS}:{talk(shop.tenant).name}").status_code == 200


def _row(row: Any) -> str:
    return f"{row._meta.label_lower}:{row.pk}"
