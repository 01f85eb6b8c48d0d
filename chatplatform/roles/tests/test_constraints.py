"""How roles are narrowed: what is understood, what it does, and what is refused."""

from typing import Any

import pytest
from django.db.models import Q

from chatbot.conversations.models import Conversation
from chatbot.knowledge.models import Article
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import InvalidInput
from chatplatform.roles import services
from chatplatform.roles.constraints import narrowable
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.tests.conftest import Shop, in_department, talk
from chatplatform.roles.tests.factories import give, role

TALKS = "conversations.conversation"
SERVE = Q(codename="serve_conversation")

WRONG: list[tuple[Any, str]] = [
    ({TALKS: {"password__startswith": "a"}}, "unknown_field"),
    ({TALKS: {"agent__password__startswith": "a"}}, "unknown_field"),
    ({TALKS: {"transfer_reason": "x"}}, "unknown_field"),
    ({TALKS: {"language__startswith": "e"}}, "unknown_field"),
    ({TALKS: {"language__in__in": ["en"]}}, "unknown_field"),
    ({TALKS: {"language__": "en"}}, "unknown_field"),
    ({TALKS: {"language__gte": "en"}}, "not_ordered"),
    ({TALKS: {"department__lte": 3}}, "not_ordered"),
    ({TALKS: {"language__in": "en"}}, "wrong_shape"),
    ({TALKS: {"language": ["en"]}}, "wrong_shape"),
    ({TALKS: {"language__in": []}}, "wrong_count"),
    ({TALKS: {"language__in": ["en"] * 101}}, "wrong_count"),
    ({TALKS: {"language": None}}, "wrong_value"),
    ({TALKS: {"language": {"en": 1}}}, "wrong_value"),
    ({TALKS: {"language": "e\0"}}, "wrong_value"),
    ({TALKS: {"language": True}}, "wrong_value"),
    ({TALKS: {"agent": "ben"}}, "wrong_value"),
    ({TALKS: {"agent": 10**30}}, "wrong_value"),
    ({TALKS: {"language": "$user"}}, "unknown_token"),
    ({TALKS: {"agent": "$department"}}, "unknown_token"),
    ({TALKS: {"agent": "$me"}}, "unknown_token"),
    ({TALKS: ["language"]}, "not_an_object"),
    ({"conversations.message": {"text": "x"}}, "unknown_model"),
    ({"sessions.session": {"session_key": "x"}}, "unknown_model"),
    ({"nothing": {}}, "unknown_model"),
    (["language"], "not_an_object"),
    ({"knowledge.article": {"published": 1}}, "wrong_value"),
    ({"knowledge.article": {"language": "fr"}}, "wrong_value"),
    ({"audit.auditentry": {"at__gte": "yesterday"}}, "wrong_value"),
]


@pytest.mark.parametrize(("constraints", "code"), WRONG, ids=lambda value: str(value)[:60])
def test_what_is_not_understood_is_refused_and_gives_nothing(
    shop: Shop, ben: User, operator: User, constraints: Any, code: str
) -> None:
    new = Role(name="Narrow", tenant=None, scope=Scope.ALL, constraints=constraints)
    with pytest.raises(InvalidInput) as refused:
        services.save_role(role=new, permissions=[], by=operator)
    assert refused.value.status == 400
    fault = refused.value.extra["errors"][0]
    assert fault["field"].startswith("constraints")
    assert fault["code"] == code
    if "\\x00" in repr(constraints):
        return  # no database would keep it
    talk(shop.tenant)
    write(shop.tenant)
    about = SERVE | Q(codename__in=["view_article", "view_auditentry"])
    ben = give(ben, role(shop.tenant, about, constraints=constraints))
    seen = [model.objects.visible_to(ben).count() for model in (Conversation, Article, AuditEntry)]
    assert 0 in seen, "what could not be saved, and is there, gives nothing"


def test_limits_hold_together_and_within_their_role(shop: Shop, ben: User) -> None:
    english = talk(shop.tenant, department=shop.sales)
    chinese = talk(shop.tenant, department=shop.support, language="zh-hans")
    talk(shop.tenant, department=shop.sales, language="zh-hans")
    by_language = {TALKS: {"language": "en", "department__in": [shop.sales.pk, shop.support.pk]}}
    one = role(shop.tenant, SERVE, scope=Scope.ALL, constraints=by_language)
    ben = give(ben, one)
    assert set(Conversation.objects.visible_to(ben)) == {english}
    limited = {TALKS: {"language__in": ["zh-hans"]}}
    other = role(
        shop.tenant,
        SERVE,
        scope=Scope.CUSTOM,
        departments=[shop.support],
        constraints=limited,
    )
    ben = give(ben, one, other)
    assert set(Conversation.objects.visible_to(ben)) == {english, chinese}


def test_tokens_stand_for_the_user_and_her_department(shop: Shop, ben: User, bea: User) -> None:
    hers, of_sales = talk(shop.tenant, agent=ben), talk(shop.tenant, department=shop.sales)
    talk(shop.tenant, agent=bea)
    own = role(shop.tenant, SERVE, constraints={TALKS: {"agent": "$user"}})
    department = role(shop.tenant, SERVE, constraints={TALKS: {"department": "$department"}})
    assert set(Conversation.objects.visible_to(give(ben, own))) == {hers}
    assert set(Conversation.objects.visible_to(give(ben, department))) == {of_sales}
    without = in_department(ben, None)
    assert not Conversation.objects.visible_to(without).exists(), "no department, not an empty one"


def test_times_can_be_compared(shop: Shop, ben: User) -> None:
    def lines(constraint: dict[str, str]) -> int:
        narrow = {"audit.auditentry": constraint}
        user = give(ben, role(shop.tenant, ["view_auditentry"], constraints=narrow))
        found: int = AuditEntry.objects.visible_to(user).count()
        return found

    assert lines({"at__gte": "2020-01-01T00:00:00Z"}) > 0
    assert lines({"at__lte": "2020-01-01T00:00:00Z"}) == 0


def test_a_limit_on_one_model_leaves_the_others_alone(shop: Shop, ben: User) -> None:
    talk(shop.tenant, language="zh-hans")
    limit = {"knowledge.article": {"language": "en"}}
    ben = give(ben, role(shop.tenant, SERVE, constraints=limit))
    assert Conversation.objects.visible_to(ben).count() == 1


def test_every_field_that_may_be_used_is_one_of_the_row_itself() -> None:
    assert TALKS in narrowable()
    for label, fields in narrowable().items():
        assert not [name for name in fields if "password" in name or "__" in name], label
