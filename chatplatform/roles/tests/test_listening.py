"""Streams deliver what lists show: the same rule, asked of rows and of events' channels."""

from itertools import product
from typing import Any

import pytest
from django.db.models import Q

from chatbot.conversations.audience import audience
from chatbot.conversations.models import Conversation
from chatbot.conversations.states import State
from chatplatform.accounts.events import audience as people_audience
from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.roles.listening import Listening, listening, together
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.conftest import Shop, talk
from chatplatform.roles.tests.factories import give, role
from realtime import channels

TALKS = "conversations.conversation"
SERVE = Q(codename="serve_conversation")


def hears(user: User, names: list[str]) -> bool:
    """What the hub does: by a channel or its family, then by asking."""
    heard = listening(user, Conversation, each="session")
    keys = {key for name in names for key in channels.families(name)}
    listens = not heard.channels.isdisjoint(keys)
    return listens and (heard.admits is None or heard.admits(tuple(names)))


@pytest.fixture
def talks(shop: Shop, ben: User, bea: User) -> list[Conversation]:
    """One of every kind: whose department, whose agent, which language, open and closed."""
    made = [
        talk(shop.tenant, department=department, agent=agent, language=language)
        for department, agent, language in product(
            (None, shop.sales, shop.east, shop.support), (None, ben, bea), ("en", "zh-hans")
        )
    ]
    closed = talk(shop.tenant, agent=bea)
    Conversation.objects.filter(pk=closed.pk).update(state=State.RESOLVED)
    return [*made, closed]


LIMITS: list[dict[str, Any]] = [
    {},
    {"language": "en"},
    {"language__in": ["zh-hans"]},
    {"agent": "$user"},
    {"department": "$department"},
    {"language": "en", "agent": "$user"},
    {"language": "fr"},
    {"nonsense": 1},
]


@pytest.mark.parametrize("scope", Scope.values)
@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_every_role_hears_what_it_shows(
    shop: Shop, ben: User, talks: list[Conversation], scope: str, limit: dict[str, Any]
) -> None:
    one = role(
        shop.tenant,
        SERVE,
        scope=scope,
        departments=[shop.support],
        constraints={TALKS: limit} if limit else {},
    )
    ben = give(ben, one)
    same(ben, talks)


def test_roles_together_hear_what_they_show_together(
    shop: Shop, ben: User, talks: list[Conversation]
) -> None:
    limits = [{TALKS: {"language": "en"}}, {TALKS: {"language": "zh-hans"}}, {}]
    scopes = [Scope.ALL, Scope.DEPARTMENT, Scope.OWN]
    roles = [
        role(shop.tenant, SERVE, scope=scope, constraints=limit)
        for scope, limit in product(scopes, limits)
    ]
    for one, other in product(roles, roles):
        same(give(ben, one, other), talks)


def same(user: User, talks: list[Conversation]) -> None:
    shown = set(Conversation.objects.visible_to(user))
    assert {one for one in talks if hears(user, audience(one))} == shown


def test_without_a_role_for_it_nothing_is_heard(
    shop: Shop, ben: User, talks: list[Conversation]
) -> None:
    ben = give(ben, role(shop.tenant, ["view_article"]))
    assert not any(hears(ben, audience(one)) for one in talks)


def test_who_sees_everything_is_asked_about_nothing(shop: Shop, ben: User) -> None:
    heard = listening(ben, Conversation, each="session")
    assert heard.admits is None
    assert heard.channels == {"sse:session:*"}
    ben = give(ben)
    ben.is_superuser = True
    assert listening(ben, Conversation, each="session") == heard


def test_a_narrow_role_wakes_for_its_own_channels_only(shop: Shop, ben: User) -> None:
    """Nobody is asked about every event of a large company."""
    limit = {TALKS: {"language": "en"}}
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.DEPARTMENT, constraints=limit))
    assert listening(ben, Conversation, each="session").channels == {
        f"sse:department:{shop.sales.pk}",
        "sse:agent:none",
        f"sse:agent:{ben.pk}",
    }


def test_what_is_no_conversations_passes(shop: Shop, ben: User) -> None:
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.OWN))
    admits = listening(ben, Conversation, each="session").admits
    assert admits
    assert admits((f"sse:agent:{ben.pk}",))
    assert admits(("sse:broadcast",))
    assert not admits(("sse:session:somebody",))
    assert not admits(("sse:session:somebody", "sse:broadcast"))


def test_who_loses_sight_hears_it_once_more(shop: Shop, ben: User, bea: User) -> None:
    own = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT)
    ben, bea = give(ben, own), give(bea, own)
    one = talk(shop.tenant, department=shop.sales)
    before = audience(one)
    one.department = shop.support
    moved = [*audience(one), *before]
    assert hears(ben, moved)
    assert hears(bea, moved)
    assert not hears(ben, audience(one))
    assert not hears(bea, before)


def test_every_field_of_the_rule_stands_in_the_channels() -> None:
    """A field that events don't carry would be refused on every stream."""
    visibility = Conversation.visibility
    fields = {*visibility.constraints, visibility.owner, visibility.department}
    carried = {name.split(":")[1] for name in audience(Conversation(language="en"))}
    assert fields <= carried


PEOPLE = Q(codename="view_user")


def heard_of(user: User) -> Listening:
    return together(
        listening(
            user, Conversation, each="session", permission="conversations.serve_conversation"
        ),
        listening(
            user, User, each="person", permission="accounts.view_user", besides=Q(pk=user.pk)
        ),
    )


def receives(user: User, names: list[str]) -> bool:
    heard = heard_of(user)
    keys = {key for name in names for key in channels.families(name)}
    return not heard.channels.isdisjoint(keys) and (
        heard.admits is None or heard.admits(tuple(names))
    )


@pytest.mark.parametrize("scope", Scope.values)
@pytest.mark.parametrize("limit", [{}, {"language": "en"}, {"position": 7}], ids=str)
def test_who_looks_after_people_hears_of_those_she_sees_and_of_herself(
    shop: Shop, ben: User, bea: User, scope: str, limit: dict[str, Any]
) -> None:
    people = [bea, ben, *UserFactory.create_batch(2, tenant=shop.tenant, department=shop.sales)]
    people[-1].language = "en"
    people[-1].save()
    one = role(
        shop.tenant,
        PEOPLE,
        scope=scope,
        departments=[shop.support],
        constraints={"accounts.user": limit} if limit else {},
    )
    ben = give(ben, one)
    shown = {*User.objects.visible_to(ben), ben}
    assert {each for each in people if receives(ben, people_audience(each))} == shown & {*people}
    assert not receives(ben, audience(talk(shop.tenant, department=shop.sales))), "serves nobody"


def test_serving_a_department_is_no_right_to_hear_of_its_people(
    shop: Shop, ben: User, bea: User
) -> None:
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.DEPARTMENT))
    colleague = UserFactory.create(tenant=shop.tenant, department=shop.sales)
    assert receives(ben, audience(talk(shop.tenant, department=shop.sales)))
    assert receives(ben, people_audience(ben))
    assert not receives(ben, people_audience(colleague))


def test_who_serves_everybody_is_still_asked_about_nothing(shop: Shop, ben: User) -> None:
    assert heard_of(give(ben, role(shop.tenant, SERVE))).admits is None


def test_a_key_without_the_scope_hears_only_what_it_names(shop: Shop, ben: User) -> None:
    ben = give(ben, role(shop.tenant, SERVE | PEOPLE))
    ben.narrowed_to = frozenset({"accounts.view_user"})
    assert heard_of(ben).channels == {"sse:person:*"}
