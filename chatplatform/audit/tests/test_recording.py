from typing import Any

import pytest
import structlog
from django.db import models, transaction
from django.utils.functional import SimpleLazyObject

from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.audit.masking import LONGEST, MASK, Secret, is_secret, masked
from chatplatform.audit.models import AppendOnly, AuditEntry
from chatplatform.audit.services import record
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db


def line(tenant: Tenant | None, **details: Any) -> AuditEntry:
    return record(tenant=tenant, actor=SYSTEM, action="thing.do", target="1", **details)


def test_a_line_keeps_only_what_differs(tenant: Tenant) -> None:
    made = line(tenant, before={"name": "Old", "rank": 1}, after={"name": "New", "rank": 1})
    assert (made.before, made.after) == ({"name": "Old"}, {"name": "New"})


def test_what_is_new_has_no_before_and_what_went_no_after(tenant: Tenant) -> None:
    assert line(tenant, after={"name": "New"}).after == {"name": "New"}
    gone = line(tenant, before={"name": "Old"})
    assert (gone.before, gone.after) == ({"name": "Old"}, {})


def test_a_models_fields_are_told_as_they_were_stored(tenant: Tenant) -> None:
    tenant.name = "Another"
    before = stored_values_of(tenant, "name", "slug")
    made = line(tenant, before=before, after=values_of(tenant, "name", "slug"))
    assert (made.before, made.after) == ({"name": "Shop"}, {"name": "Another"})


def test_a_new_row_was_nothing_before() -> None:
    assert stored_values_of(Tenant(slug="new")) == {}


def test_a_password_that_changed_is_told_without_either(ben: User) -> None:
    before = stored_values_of(ben)
    ben.set_password("another-long-one-1")
    made = line(ben.tenant, before=before, after=values_of(ben))
    assert (made.before, made.after) == ({"password": MASK}, {"password": MASK})


def test_personal_data_is_masked_in_every_text(tenant: Tenant) -> None:
    made = line(tenant, after={"note": "13812345678"}, data={"to": ["4111 1111 1111 1111"]})
    assert made.after == {"note": "138****5678"}
    assert made.data == {"to": ["************1111"]}


def test_secrets_are_masked_however_deep(tenant: Tenant) -> None:
    data = {"headers": [{"Authorization": "Bearer x"}], "clientSecret": "x", "author": "ben"}
    made = line(tenant, data=data)
    assert made.data == {
        "headers": [{"Authorization": MASK}],
        "clientSecret": MASK,
        "author": "ben",
    }


@pytest.mark.parametrize(
    "name",
    ["password", "api_key", "apiKey", "X-Api-Key", "token_hash", "client_secret", "SECRET", "totp"],
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["author", "keyboard", "name", "key", "tokens_used", "happiness"])
def test_other_names_are_not_taken_for_secrets(name: str) -> None:
    assert not is_secret(name)


def test_encrypted_fields_are_masked_whatever_they_are_called() -> None:
    class EncryptedText(models.TextField):  # type: ignore[type-arg]
        pass

    class Door(models.Model):
        name = models.TextField()
        combination = EncryptedText()

        class Meta:
            app_label = "audit"
            managed = False

        def __str__(self) -> str:
            return self.name

    values = values_of(Door(name="front", combination="1234"))
    assert values == {"name": "front", "combination": Secret("1234")}
    assert masked(values) == {"name": "front", "combination": MASK}
    assert "1234" not in repr(values)


def test_endless_texts_are_cut() -> None:
    cut = masked("x" * (LONGEST + 7))
    assert len(cut) < LONGEST + 20
    assert cut.endswith("… (+7)")


def test_a_line_knows_where_it_came_from(tenant: Tenant) -> None:
    with structlog.contextvars.bound_contextvars(
        client_address="192.0.2.7", request_id="request-1", by_key="abc"
    ):
        made = line(tenant)
    assert (made.address, made.request_id) == ("192.0.2.7", "request-1")
    assert made.data == {"by_key": "abc"}
    assert line(tenant).address == ""


def test_a_line_goes_with_its_change(tenant: Tenant) -> None:
    with transaction.atomic():
        line(tenant)
        transaction.set_rollback(True)
    with tenant_scope(tenant):
        assert not AuditEntry.objects.exists()


def test_the_installations_lines_are_no_tenants(tenant: Tenant) -> None:
    line(None)
    with tenant_scope(tenant):
        assert not AuditEntry.objects.exists()
    with all_tenants():
        assert AuditEntry.objects.get().tenant is None


def test_a_line_costs_one_statement(tenant: Tenant, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        line(tenant, before={"a": 1}, after={"a": 2})


def test_lines_are_never_changed(tenant: Tenant) -> None:
    made = line(tenant)
    made.action = "thing.undo"
    with pytest.raises(AppendOnly):
        made.save()
    with tenant_scope(tenant):
        with pytest.raises(AppendOnly):
            AuditEntry.objects.update(action="thing.undo")
        with pytest.raises(AppendOnly):
            AuditEntry.objects.filter(pk=made.pk).update(action="thing.undo")
        with pytest.raises(AppendOnly):
            AuditEntry.objects.bulk_update([made], ["action"])
        with pytest.raises(AppendOnly):
            AuditEntry.objects.update_or_create(pk=made.pk, defaults={"action": "thing.undo"})


def test_lines_are_never_deleted(tenant: Tenant) -> None:
    made = line(tenant)
    with pytest.raises(AppendOnly):
        made.delete()
    with tenant_scope(tenant), pytest.raises(AppendOnly):
        AuditEntry.objects.all().delete()


def test_a_lazy_user_is_told_like_any_other(ben: User) -> None:
    lazy = SimpleLazyObject(lambda: ben)
    assert stored_values_of(lazy, "username") == {"username": "ben"}  # type: ignore[arg-type]  # as request.user
