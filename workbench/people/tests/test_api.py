"""People by API: who sees whom, and what may be changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tokens import new_token
from chatplatform.accounts.events import audience
from chatplatform.accounts.models import User
from chatplatform.accounts.presence.availability import choose_availability
from chatplatform.accounts.presence.models import Availability, Presence
from chatplatform.audit.models import AuditEntry
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Plan
from realtime.testing import published
from tests.cast import PASSWORD
from workbench.people.tests.conftest import LEAD, SERVE, Shop, Signed, again, role_names

pytestmark = pytest.mark.django_db


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["username"] for each in answer.json()["results"]]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def seen(user: User, ago: timedelta = timedelta()) -> None:
    Presence.objects.update_or_create(
        user=user, defaults={"tenant": user.tenant, "seen_at": timezone.now() - ago}
    )


def signed_in(username: str) -> Client:
    """A browser that came in by the door, as sessions are counted there."""
    browser = Client()
    browser.post("/accounts/login/", {"login": username, "password": PASSWORD})
    assert browser.get("/").status_code == 200
    return browser


def test_one_sees_whom_ones_roles_reach(
    at_leas: Signed, ben: User, bea: User, sam: User, shop: Shop
) -> None:
    assert names(at_leas.get("/api/v1/people")) == ["ben", "lea"]
    everybody = give(bea, role(shop.tenant, LEAD))
    assert names(Signed(everybody).get("/api/v1/people")) == ["bea", "ben", "lea"]
    assert code(Signed(ben).get("/api/v1/people")) == (403, "permission_refused")


def test_a_person_is_told_with_place_roles_and_status(
    at_leas: Signed, ben: User, shop: Shop
) -> None:
    ben.position = shop.specialist
    ben.save()
    seen(ben)
    told = at_leas.get("/api/v1/people/ben").json()
    assert told["department"] == {"code": shop.after.code, "name": "After-sales"}
    assert told["position"] == {"code": "specialist", "name": "Specialist"}
    assert [(each["name"], each["scope"]) for each in told["roles"]] == [
        ("Agent here", "department")
    ]
    assert (told["status"], told["availability"]) == ("available", "available")
    assert told["last_seen_at"]
    assert told["open_conversations"] == 0


@pytest.mark.parametrize("verb", ["get", "patch"])
@pytest.mark.parametrize("username", ["bea", "sam", "nobody", "a%00b"])
def test_whoever_is_out_of_reach_is_not_there(
    at_leas: Signed, bea: User, sam: User, username: str, verb: str
) -> None:
    answer = at_leas.send(verb, f"/people/{username}")
    assert code(answer) == (404, "unknown_person")
    assert at_leas.send("delete", f"/people/{username}/sessions").status_code == 404


def test_the_list_is_narrowed(at_leas: Signed, ben: User, lea: User, shop: Shop) -> None:
    def found(query: str) -> list[str]:
        return names(at_leas.get(f"/api/v1/people?{query}"))

    seen(ben)
    seen(lea, timedelta(minutes=2))
    assert found("search=BE") == ["ben"]
    assert found("search=ben+lea") == []
    assert found(f"department={shop.after.code}") == ["ben"]
    assert found("department=none") == []
    assert found("status=available") == ["ben"]
    assert found("status=offline") == ["lea"]
    choose_availability(user=ben, availability=Availability.AWAY)
    assert found("status=available") == []
    assert found("status=away") == ["ben"]
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert found("status=off") == ["ben"]
    assert found("status=away") == []
    assert at_leas.get("/api/v1/people?status=asleep").status_code == 400
    assert at_leas.get("/api/v1/people?search=%00").status_code == 400


def test_whoever_never_came_is_offline(at_leas: Signed, ben: User) -> None:
    assert names(at_leas.get("/api/v1/people?status=offline")) == ["ben", "lea"]


def test_the_list_comes_in_pages(at_leas: Signed, ben: User) -> None:
    first = at_leas.get("/api/v1/people?limit=1").json()
    assert [each["username"] for each in first["results"]] == ["ben"]
    assert names(at_leas.get(first["next"])) == ["lea"]


def test_a_place_is_changed_within_ones_reach(at_leas: Signed, ben: User, shop: Shop) -> None:
    body = {"department": shop.service.code, "position": "specialist"}
    answer = at_leas.send("patch", "/people/ben", body)
    assert answer.status_code == 200, answer.content
    assert answer.json()["department"]["name"] == "Service"
    ben = again(ben)
    assert (ben.department, ben.position) == (shop.service, shop.specialist)
    line = AuditEntry.objects.get(action="user.change")
    assert line.actor_label == "lea"
    told = published("shop")[-1]
    assert told.type == "person_change"
    assert f"sse:department:{shop.after.pk}" in told.channels, "who sees her no more hears it"
    assert set(audience(ben)) <= set(told.channels)


def test_nobody_is_put_where_one_does_not_reach(at_leas: Signed, ben: User, shop: Shop) -> None:
    answer = at_leas.send("patch", "/people/ben", {"department": shop.sales.code})
    assert code(answer) == (400, "invalid_input")
    assert code(at_leas.send("patch", "/people/ben", {"department": None})) == (403, "left_scope")
    assert code(at_leas.send("patch", "/people/ben", {"position": "boss"})) == (
        400,
        "invalid_input",
    )
    assert again(ben).department == shop.after


def test_roles_are_given_and_taken_within_ones_own(at_leas: Signed, ben: User, shop: Shop) -> None:
    answer = at_leas.send("patch", "/people/ben", {"roles": [shop.trainees.pk]})
    assert answer.status_code == 200, answer.content
    assert role_names(ben) == {"Trainee"}
    everywhere = role(shop.tenant, SERVE, scope=Scope.ALL, name="Everywhere")
    mighty = role(shop.tenant, ["delete_article"], scope=Scope.OWN, name="Mighty")
    for beyond in (everywhere, mighty):
        answer = at_leas.send("patch", "/people/ben", {"roles": [beyond.pk]})
        assert code(answer) == (403, "beyond_own_rights")
    assert role_names(ben) == {"Trainee"}
    give(ben, shop.trainees, everywhere)
    at_leas.send("patch", "/people/ben", {"roles": []})
    assert role_names(ben) == {"Everywhere"}, "what is beyond her stays"


def test_another_companys_role_is_none(at_leas: Signed, ben: User, other_tenant: Any) -> None:
    theirs = role(other_tenant, SERVE)
    answer = at_leas.send("patch", "/people/ben", {"roles": [theirs.pk]})
    assert code(answer) == (400, "invalid_input")


def test_who_may_more_is_not_managed(at_leas: Signed, ben: User, shop: Shop) -> None:
    give(ben, shop.agents, role(shop.tenant, ["delete_article"]))
    bodies: list[dict[str, Any]] = [{"active": False}, {"roles": []}, {"position": "specialist"}]
    for body in bodies:
        assert code(at_leas.send("patch", "/people/ben", body)) == (403, "above_oneself")
    assert code(at_leas.send("delete", "/people/ben/sessions")) == (403, "above_oneself")
    assert again(ben).is_active


def test_nobody_manages_herself(at_leas: Signed) -> None:
    bodies: list[dict[str, Any]] = [{"active": False}, {"roles": []}]
    for body in bodies:
        assert code(at_leas.send("patch", "/people/lea", body)) == (403, "own_account")


def test_who_only_looks_changes_nothing(ben: User, lea: User, shop: Shop) -> None:
    looks = role(shop.tenant, ["view_user"], scope=Scope.DEPARTMENT_TREE)
    browser = Signed(give(lea, looks))
    assert browser.get("/api/v1/people/ben").status_code == 200
    answer = browser.send("patch", "/people/ben", {"active": False})
    assert code(answer) == (403, "permission_refused")
    answer = browser.send("post", "/people", {"username": "nina"})
    assert code(answer) == (403, "permission_refused")


def test_switching_off_signs_out_for_good(at_leas: Signed, ben: User) -> None:
    bens = signed_in("ben")
    assert at_leas.send("patch", "/people/ben", {"active": False}).json()["status"] == "off"
    assert at_leas.send("patch", "/people/ben", {"active": True}).status_code == 200
    assert bens.get("/").status_code == 302, "the old session does not live again"


def test_without_a_seat_nobody_is_switched_on(at_leas: Signed, ben: User, shop: Shop) -> None:
    at_leas.send("patch", "/people/ben", {"active": False})
    shop.tenant.plan = Plan.objects.create(code="small", name="Small", limits={"seats": 1})
    shop.tenant.save(update_fields=["plan"])
    answer = at_leas.send("patch", "/people/ben", {"active": True})
    assert code(answer) == (403, "quota_exhausted")
    assert "1" in answer.json()["detail"]
    assert code(at_leas.send("post", "/people", {"username": "nina"})) in (
        (403, "quota_exhausted"),
        (403, "left_scope"),
    )
    assert not again(ben).is_active


def test_signing_out_ends_every_session(at_leas: Signed, ben: User) -> None:
    bens = signed_in("ben")
    assert at_leas.send("delete", "/people/ben/sessions").json() == {"sessions": 1}
    assert bens.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="user.sign_out", target_id="ben").exists()


def test_somebody_new_gets_a_password_that_is_told_once(at_leas: Signed, shop: Shop) -> None:
    body = {
        "username": "nina",
        "display_name": "Nina",
        "department": shop.after.code,
        "roles": [shop.agents.pk],
    }
    answer = at_leas.send("post", "/people", body)
    assert answer.status_code == 201, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    nina = User.objects.get(username="nina")
    assert nina.check_password(answer.json()["password"])
    assert (nina.tenant, nina.department, role_names(nina)) == (
        shop.tenant,
        shop.after,
        {"Agent here"},
    )
    assert answer.json()["password"] not in str(list(AuditEntry.objects.values()))
    assert "password" not in at_leas.get("/api/v1/people/nina").json()


def test_a_new_person_stands_within_ones_reach_and_roles(at_leas: Signed, shop: Shop) -> None:
    assert code(at_leas.send("post", "/people", {"username": "nina"})) == (403, "left_scope")
    beyond = role(shop.tenant, SERVE, scope=Scope.ALL)
    body = {"username": "nina", "department": shop.after.code, "roles": [beyond.pk]}
    assert code(at_leas.send("post", "/people", body)) == (403, "beyond_own_rights")
    assert not User.objects.filter(username="nina").exists()


def test_a_name_that_is_taken_is_said(at_leas: Signed, ben: User, shop: Shop) -> None:
    body = {"username": "ben", "department": shop.after.code}
    answer = at_leas.send("post", "/people", body)
    assert code(answer) == (400, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "username"


def test_ones_own_availability_is_chosen(ben: User, bea: User) -> None:
    browser = Signed(ben)
    answer = browser.send("put", "/me/availability", {"availability": "away"})
    assert (answer.status_code, answer.json()) == (200, {"availability": "away"})
    assert Presence.objects.get(user=ben).availability == "away"
    assert browser.get("/api/v1/sessions").status_code == 200, "she still sees the queue"
    assert browser.send("put", "/me/availability", {"availability": "asleep"}).status_code == 400


def test_a_key_looks_and_changes_nothing(shop: Shop, lea: User, ben: User) -> None:
    token = new_token()
    ApiKey.objects.create(
        tenant=shop.tenant,
        owner=lea,
        name="x",
        prefix=token.prefix,
        secret_hash=token.secret_hash,
        scopes=["accounts.view_user", "accounts.change_user", "accounts.add_user"],
    )
    program = Client(headers={"authorization": f"Bearer {token.text}"})
    assert program.get("/api/v1/people/ben").status_code == 200
    json: dict[str, Any] = {"content_type": "application/json"}
    for answer in (
        program.patch("/api/v1/people/ben", {"active": False}, **json),
        program.post("/api/v1/people", {"username": "nina"}, **json),
        program.delete("/api/v1/people/ben/sessions", **json),
        program.put("/api/v1/me/availability", {"availability": "away"}, **json),
    ):
        assert code(answer) == (403, "people_only")
