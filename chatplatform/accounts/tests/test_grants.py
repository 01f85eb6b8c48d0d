"""On what right a stream stays open, and what ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.utils import timezone

from chatplatform.accounts.callers.authentication import caller_of_scope
from chatplatform.accounts.callers.grants import still_hold
from chatplatform.accounts.models import User
from chatplatform.accounts.tests.test_streams import scope
from chatplatform.accounts.tests.test_tokens import sign_in
from chatplatform.tenants.models import Tenant
from realtime.streams import Grant, held

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]


def by_token(username: str) -> Grant:
    token = sign_in(username)["access_token"]
    caller = caller_of_scope(scope(authorization=f"Bearer {token}"))
    assert caller
    return caller.grant


def by_cookie(user: User) -> Grant:
    client = Client()
    client.force_login(user)
    caller = caller_of_scope(scope(cookie=f"sessionid={client.session.session_key}"))
    assert caller
    return caller.grant


def test_it_holds_while_nothing_changes(ben: User, sam: User, operator: User) -> None:
    grants = {by_token("ben"), by_cookie(ben), by_token("sam"), by_cookie(operator)}
    assert len(grants) == 4
    assert held(grants) == grants


def test_one_query_answers_for_all(ben: User, sam: User, django_assert_num_queries: Any) -> None:
    grants = {by_cookie(user) for user in (ben, sam) for _ in range(5)}
    with django_assert_num_queries(1):
        assert still_hold(grants) == grants


def test_a_disabled_users_ends_and_nobody_elses(ben: User, cleo: User) -> None:
    bens, cleos = by_token("ben"), by_token("cleo")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert still_hold({bens, cleos}) == {cleos}


def test_a_suspended_companys_end(ben: User, cleo: User, sam: User) -> None:
    grants = {by_token("ben"), by_token("cleo"), sams := by_token("sam")}
    Tenant.objects.filter(slug="shop").update(status=Tenant.Status.SUSPENDED)
    assert still_hold(grants) == {sams}


def test_signing_out_ends_that_sessions_only(ben: User) -> None:
    client = Client()
    client.force_login(ben)
    caller = caller_of_scope(scope(cookie=f"sessionid={client.session.session_key}"))
    assert caller
    other = by_token("ben")
    client.logout()
    assert still_hold({caller.grant, other}) == {other}


def test_an_expired_sessions_ends(ben: User) -> None:
    grant = by_cookie(ben)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert still_hold({grant}) == set()


def test_a_change_of_rights_makes_everyone_come_back(ben: User, sam: User) -> None:
    bens, sams = by_cookie(ben), by_cookie(sam)
    Tenant.objects.filter(slug="shop").update(access_version=F("access_version") + 1)
    assert still_hold({bens, sams}) == {sams}


def test_a_session_speaks_for_its_own_user_only(ben: User, sam: User) -> None:
    grant = by_cookie(ben)
    key = grant.key.partition(":")[2]
    assert still_hold({Grant("user", f"{sam.pk}:nothing", 1)}) == set()
    assert still_hold({Grant("user", f"999:{key}", 1)}) == set()


def test_none_are_none() -> None:
    assert still_hold(set()) == set()
