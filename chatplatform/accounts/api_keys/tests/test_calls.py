from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.request import Request
from structlog.contextvars import clear_contextvars

from chatplatform.accounts.api_keys import usage
from chatplatform.accounts.api_keys.addresses import is_allowed, normalised
from chatplatform.accounts.api_keys.authentication import user_of_key
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tests.conftest import SERVE, Make, call
from chatplatform.accounts.api_keys.tokens import new_token, read_token
from chatplatform.accounts.callers.authentication import BearerAuthentication
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.accounts.tests.test_signing_in import token_of
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.services import record
from chatplatform.kernel.requests import current_api_key
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]


def test_a_key_opens_what_its_scopes_name(ben: User, make: Make) -> None:
    assert call(make(ben).token).status_code == 200


def test_a_key_lacking_the_scope_is_refused(ada: User, make: Make) -> None:
    answer = call(make(ada, scopes=("audit.view_auditentry",)).token)
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_refused"


def test_a_key_may_never_do_more_than_its_owner(ben: User, make: Make) -> None:
    key = make(ben, scopes=(SERVE, "audit.view_auditentry"))
    user, _ = user_of_key(key.token, "") or (None, None)
    assert user is not None
    assert user.has_perm(SERVE)
    assert not user.has_perm("audit.view_auditentry")
    assert user.get_all_permissions() == {SERVE}
    assert user.has_module_perms("conversations")
    assert not user.has_module_perms("audit")


def test_even_a_superusers_key_is_held_to_its_scopes(ben: User, make: Make) -> None:
    User.objects.filter(pk=ben.pk).update(is_superuser=True)
    user, _ = user_of_key(make(ben).token, "") or (None, None)
    assert user is not None
    assert user.has_perm(SERVE)
    assert not user.has_perm("accounts.change_user")


def test_what_is_taken_from_the_owner_is_taken_from_the_key(ben: User, make: Make) -> None:
    key = make(ben)
    ben.groups.clear()
    assert call(key.token).status_code == 403


@pytest.mark.parametrize(
    "fault",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"addresses": ["192.0.2.0/24"]},
    ],
)
def test_revoked_expired_and_foreign_calls_are_all_alike(
    ben: User, make: Make, fault: dict[str, Any]
) -> None:
    answer = call(make(ben, **fault).token)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "credential", ["cpk_", "cpk_x", "cpk_abcdefghijkm_", "cpk_abcdefghijkm_x", "cpk_\xe9\xe9_x"]
)
def test_what_is_no_key_is_refused(ben: User, make: Make, credential: str) -> None:
    make(ben)
    assert call(credential).status_code == 401


def test_a_known_prefix_without_its_secret_is_nothing(ben: User, make: Make) -> None:
    key = make(ben).key
    assert call(f"cpk_{key.prefix}_{'a' * 43}").status_code == 401
    assert call(f"cpk_{key.prefix}_{key.secret_hash}").status_code == 401


def test_a_key_ends_with_its_owners_account_and_company(
    ben: User, tenant: Tenant, make: Make
) -> None:
    key = make(ben)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert call(key.token).status_code == 401
    User.objects.filter(pk=ben.pk).update(is_active=True)
    assert call(key.token).status_code == 200
    Tenant.objects.filter(pk=tenant.pk).update(status=Tenant.Status.SUSPENDED)
    assert call(key.token).status_code == 401


def test_a_key_does_not_follow_its_owner_to_another_company(
    ben: User, other_tenant: Tenant, make: Make
) -> None:
    key = make(ben)
    User.objects.filter(pk=ben.pk).update(tenant=other_tenant)
    assert call(key.token).status_code == 401


def test_a_bad_key_does_not_fall_back_to_the_cookie(ben: User, client: Client) -> None:
    client.force_login(ben)
    answer = client.get("/api/v1/sessions", headers={"authorization": "Bearer cpk_bad"})
    assert answer.status_code == 401


def test_a_key_costs_no_more_queries_than_an_access_token(ben: User, make: Make) -> None:
    key, token = make(ben).token, token_of(ben)
    for credential in (key, token):
        call(credential)  # what is read once per process
    with CaptureQueriesContext(connection) as by_token:
        assert call(token).status_code == 200
    with CaptureQueriesContext(connection) as by_key:
        assert call(key).status_code == 200
    assert len(by_key) <= len(by_token)


def test_what_a_key_does_is_told_with_its_prefix(ben: User, make: Make, rf: Any) -> None:
    made = make(ben)
    call_by_key = rf.get("/", headers={"authorization": f"Bearer {made.token}"})
    try:
        BearerAuthentication().authenticate(Request(call_by_key))
        line = record(tenant=ben.tenant, actor=SYSTEM, action="x.y", target="1")
    finally:
        clear_contextvars()  # as at the end of a request
    assert line.data == {"by_key": made.key.prefix}


def test_log_lines_name_the_key_of_their_call_only(
    ben: User, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    made = make(ben)
    assert call(made.token).status_code == 200
    assert f"'by_key': '{made.key.prefix}'" in caplog.text
    assert current_api_key() == ""


def test_the_last_use_is_written_once_a_minute_and_not_in_the_request(
    ben: User, make: Make
) -> None:
    made = make(ben)
    with CaptureQueriesContext(connection) as queries:
        user_of_key(made.token, "")
    assert len(queries) == 1
    usage.write()
    first = ApiKey._base_manager.get(pk=made.key.pk).last_used_at
    assert first is not None
    user_of_key(made.token, "")
    with CaptureQueriesContext(connection) as none:
        usage.write()
    assert len(none) == 0
    long_ago = timezone.now() - timedelta(minutes=2)
    ApiKey._base_manager.filter(pk=made.key.pk).update(last_used_at=long_ago)
    user_of_key(made.token, "")
    ApiKey._base_manager.filter(pk=made.key.pk).update(last_used_at=first)  # the other process
    usage.write()
    assert ApiKey._base_manager.get(pk=made.key.pk).last_used_at == first


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("192.0.2.7", [], True),
        ("192.0.2.7", ["192.0.2.7/32"], True),
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("2001:db8::1", ["2001:db8::/32"], True),
        ("2001:db8::1", ["192.0.2.0/24"], False),
        ("", ["192.0.2.0/24"], False),
        ("not-an-address", ["192.0.2.0/24"], False),
    ],
)
def test_addresses(address: str, networks: list[str], allowed: bool) -> None:
    assert is_allowed(address, networks) == allowed


def test_networks_are_kept_in_one_form() -> None:
    assert normalised(" 192.0.2.7/24 ") == "192.0.2.0/24"
    assert normalised("192.0.2.7") == "192.0.2.7/32"


def test_tokens_are_read_as_they_were_made() -> None:
    for _ in range(100):
        token = new_token()
        assert read_token(token.text) == token
        assert token.secret not in repr(token)


def test_a_key_sees_its_own_company_only(ben: User, sam: User, make: Make) -> None:
    sams = make(sam).key
    user, _ = user_of_key(make(ben).token, "") or (None, None)
    assert user is not None
    with user_scope(user):
        assert not ApiKey.objects.filter(pk=sams.pk).exists()
