"""The pages of people: what they show, and what they do."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.models import User
from chatplatform.accounts.presence.models import Presence
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Plan
from workbench.people.passwords import first_password
from workbench.people.tests.conftest import Shop, Signed, again, role_names, stands

pytestmark = pytest.mark.django_db


def text(browser: Client, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_the_list_shows_whom_one_sees(at_leas: Signed, ben: User, bea: User, sam: User) -> None:
    page = text(at_leas, "/people/")
    assert 'data-person="ben"' in page
    assert 'data-person="lea"' in page
    assert 'data-person="bea"' not in page
    assert 'data-person="sam"' not in page


def test_scripts_get_the_table_alone(at_leas: Signed, ben: User) -> None:
    table = text(at_leas, "/people/?search=ben", **{"HX-Request": "true"})
    assert "<html" not in table
    assert 'data-person="ben"' in table
    assert 'data-person="lea"' not in table
    again_whole = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text(at_leas, "/people/", **again_whole)


@pytest.mark.parametrize("query", ["search=zzz", "status=away", "department=D999", "search=%00z"])
def test_an_empty_list_says_what_to_do(at_leas: Signed, query: str) -> None:
    assert "Nobody found" in text(at_leas, f"/people/?{query}")


def test_the_menu_leads_there_whoever_may_look(at_leas: Signed, ben: User) -> None:
    assert 'href="/people/"' in text(at_leas, "/")
    bens = Signed(ben)
    assert 'href="/people/"' not in text(bens, "/")
    assert bens.get("/people/").status_code == 403
    assert Client().get("/people/").status_code == 302


def test_who_looks_after_people_needs_serve_nobody(shop: Shop, lea: User, ben: User) -> None:
    looks = Signed(give(lea, role(shop.tenant, ["view_user"])))
    page = text(looks, "/people/")
    assert 'data-person="ben"' in page
    assert "data-view=" not in page
    assert looks.get("/").status_code == 403


@pytest.mark.parametrize("page", ["/people/", "/people/@ben/", "/api/v1/people"])
def test_a_page_costs_the_same_for_one_and_for_twenty(
    at_leas: Signed, ben: User, shop: Shop, page: str
) -> None:
    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert at_leas.get(page).status_code == 200
        return [each["sql"] for each in asked]

    cost()
    one = cost()
    for another in UserFactory.create_batch(19, tenant=shop.tenant, role="supervisor"):
        stands(another, shop.after, shop.agents, shop.trainees)
        Presence.objects.create(tenant=shop.tenant, user=another)
    cost()  # her rights were read anew
    assert len(cost()) == len(one), "\n".join(cost())


def test_somebody_out_of_reach_has_no_page(at_leas: Signed, bea: User, sam: User) -> None:
    for username in ("bea", "sam", "nobody"):
        assert at_leas.get(f"/people/@{username}/").status_code == 404
        for action in ("place", "roles", "switch", "sign-out"):
            assert at_leas.post(f"/people/@{username}/{action}/").status_code == 404


def test_each_form_is_one_call(at_leas: Signed, ben: User, shop: Shop) -> None:
    place = {"department": shop.service.pk, "position": shop.specialist.pk}
    assert at_leas.post("/people/@ben/place/", place).status_code == 302
    assert (again(ben).department, again(ben).position) == (shop.service, shop.specialist)
    at_leas.post("/people/@ben/roles/", {"roles": [shop.trainees.pk]})
    assert role_names(ben) == {"Trainee"}
    at_leas.post("/people/@ben/switch/", {"active": "off"})
    assert not again(ben).is_active
    at_leas.post("/people/@ben/switch/", {"active": "on"})
    assert again(ben).is_active
    said = at_leas.post("/people/@ben/sign-out/", follow=True)
    assert "Ended 0 sessions." in said.content.decode()


def test_a_choice_that_was_not_offered_changes_nothing(
    at_leas: Signed, ben: User, shop: Shop
) -> None:
    mighty = role(shop.tenant, ["delete_article"])
    assert at_leas.post("/people/@ben/roles/", {"roles": [mighty.pk]}).status_code == 400
    assert at_leas.post("/people/@ben/place/", {"department": shop.sales.pk}).status_code == 400
    assert role_names(ben) == {"Agent here"}
    assert again(ben).department == shop.after


def test_without_a_seat_the_page_says_so(at_leas: Signed, ben: User, shop: Shop) -> None:
    at_leas.post("/people/@ben/switch/", {"active": "off"})
    shop.tenant.plan = Plan.objects.create(code="small", name="Small", limits={"seats": 1})
    shop.tenant.save(update_fields=["plan"])
    answer = at_leas.post("/people/@ben/switch/", {"active": "on"})
    assert answer.status_code == 403
    assert "Your plan&#x27;s limit is reached: 1" in answer.content.decode()


def test_who_may_more_is_shown_and_not_managed(at_leas: Signed, ben: User, shop: Shop) -> None:
    give(ben, shop.agents, role(shop.tenant, ["delete_article"]))
    page = text(at_leas, "/people/@ben/")
    assert "This person may do more than you" in page
    assert "/people/@ben/switch/" not in page
    assert at_leas.post("/people/@ben/switch/", {"active": "off"}).status_code == 403
    assert again(ben).is_active


def test_a_place_out_of_sight_stays_when_saved(at_leas: Signed, ben: User, shop: Shop) -> None:
    """Who sees no departments does not take people out of theirs by saving a position."""
    looks = ["view_user", "change_user", "serve_conversation", "route_conversation"]
    lea = give(at_leas.user, role(shop.tenant, looks))
    browser = Signed(lea)
    place = {"department": shop.after.pk, "position": shop.specialist.pk}
    assert f'value="{shop.after.pk}" selected' in text(browser, "/people/@ben/")
    assert browser.post("/people/@ben/place/", place).status_code == 302
    assert again(ben).department == shop.after


def test_an_invitation_shows_the_password_once(at_leas: Signed, shop: Shop) -> None:
    assert "Invite somebody" in text(at_leas, "/people/")
    form = {"username": "nina", "department": shop.after.pk, "roles": [shop.agents.pk]}
    answer = at_leas.post("/people/invite/", form)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    password = page.split('id="secret">')[1].split("<")[0]
    assert User.objects.get(username="nina").check_password(password)
    assert password not in text(at_leas, "/people/@nina/")


def test_a_name_that_is_taken_is_said_beside_it(at_leas: Signed, ben: User, shop: Shop) -> None:
    form = {"username": "ben", "department": shop.after.pk}
    answer = at_leas.post("/people/invite/", form)
    assert answer.status_code == 400
    assert 'class="field-error"' in answer.content.decode()


def test_forms_ask_for_their_token(lea: User, ben: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lea)
    assert strict.post("/people/@ben/switch/", {"active": "off"}).status_code == 403
    assert again(ben).is_active


def test_the_platform_s_roles_are_called_in_the_reader_s_language(
    at_leas: Signed, ben: User
) -> None:
    ben.groups.add(Group.objects.get(name="agent"))
    for path in ("/people/", "/people/@ben/"):
        page = text(at_leas, path, **{"Accept-Language": "zh-hans"})
        assert "坐席</span>" in page
        assert "agent</span>" not in page


def test_the_header_shows_what_one_says_of_herself(at_leas: Signed) -> None:
    assert 'data-state="available" data-username="lea"' in text(at_leas, "/")
    at_leas.send("put", "/me/availability", {"availability": "away"})
    assert 'data-state="away" data-username="lea"' in text(at_leas, "/people/")


def test_first_passwords_are_long_and_never_the_same() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(each) >= 20 for each in made)
