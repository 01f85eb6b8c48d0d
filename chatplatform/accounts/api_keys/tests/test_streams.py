from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chatplatform.accounts.api_keys import services
from chatplatform.accounts.api_keys.grants import key_grant
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tests.conftest import Make
from chatplatform.accounts.callers.authentication import caller_of_scope
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.services import bump_access
from realtime.streams import Grant, held

pytestmark = pytest.mark.django_db


def scope(token: str, *, query: bool = False, client: str = "192.0.2.7") -> dict[str, Any]:
    bearer = [] if query else [(b"authorization", f"Bearer {token}".encode())]
    return {
        "headers": bearer,
        "query_string": f"token={token}".encode() if query else b"",
        "client": (client, 4711),
    }


@pytest.mark.parametrize("query", [False, True])
def test_a_key_opens_a_stream_where_a_token_does(ben: User, make: Make, query: bool) -> None:
    made = make(ben)
    caller = caller_of_scope(scope(made.token, query=query))
    assert caller is not None
    assert caller.user == ben
    assert caller.grant == Grant("api_key", made.key.prefix, made.key.tenant.access_version)


def test_a_stream_is_refused_from_a_foreign_address(ben: User, make: Make) -> None:
    made = make(ben, addresses=["192.0.2.0/24"])
    assert caller_of_scope(scope(made.token)) is not None
    assert caller_of_scope(scope(made.token, client="198.51.100.1")) is None


def test_an_open_key_holds_its_streams(ben: User, sam: User, make: Make) -> None:
    grants = {key_grant(make(ben).key), key_grant(make(sam).key)}
    assert held(grants) == grants


def test_streams_end_when_the_key_is_revoked(ben: User, make: Make) -> None:
    key, other = make(ben).key, make(ben).key
    with user_scope(ben):
        services.revoke_key(key=key, by=ben)
    assert held({key_grant(key), key_grant(other)}) == {key_grant(other)}


def test_streams_end_when_the_key_expires(ben: User, make: Make) -> None:
    key = make(ben).key
    ApiKey._base_manager.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert held({key_grant(key)}) == set()


def test_streams_end_with_the_owner_and_the_company(ben: User, tenant: Tenant, make: Make) -> None:
    grant = key_grant(make(ben).key)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert held({grant}) == set()
    User.objects.filter(pk=ben.pk).update(is_active=True)
    assert held({grant}) == {grant}
    Tenant.objects.filter(pk=tenant.pk).update(status=Tenant.Status.SUSPENDED)
    assert held({grant}) == set()


def test_streams_end_when_the_companys_rights_change(ben: User, tenant: Tenant, make: Make) -> None:
    grant = key_grant(make(ben).key)
    bump_access(tenant)
    assert held({grant}) == set()


def test_all_keys_cost_one_query(ben: User, make: Make, django_assert_num_queries: Any) -> None:
    grants = {key_grant(make(ben).key) for _ in range(5)}
    with django_assert_num_queries(1):
        assert held(grants) == grants
