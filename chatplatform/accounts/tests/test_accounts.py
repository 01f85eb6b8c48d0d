import pytest

from chatplatform.accounts.models import User
from chatplatform.accounts.services import create_user, save_user
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.masking import MASK
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

GOOD = "long-enough-and-odd-1"


def test_a_new_account_has_a_role_a_usable_password_and_an_audit_line(tenant: Tenant) -> None:
    user = create_user(
        tenant=tenant, username="dora", password=GOOD, role="supervisor", actor=SYSTEM
    )
    assert user.check_password(GOOD)
    assert list(user.groups.values_list("name", flat=True)) == ["supervisor"]
    with tenant_scope(tenant):
        line = AuditEntry.objects.get()
    assert (line.action, line.target_id, line.actor_kind) == ("user.create", "dora", "system")
    assert GOOD not in str(line.data)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("ben", GOOD, "username"),
        ("", GOOD, "username"),
        ("a b", GOOD, "username"),
        ("x" * 151, GOOD, "username"),
        ("dora", "short", "password"),
        ("dora", "12345678901", "password"),
    ],
)
def test_bad_values_are_named_and_leave_no_account(
    tenant: Tenant, ben: User, username: str, password: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_user(tenant=tenant, username=username, password=password, actor=SYSTEM)
    assert {fault["field"] for fault in refused.value.extra["errors"]} == {field}
    assert User.objects.count() == 1


def test_customers_see_the_best_name_there_is() -> None:
    assert User(username="ben").public_name == "ben"
    assert User(username="ben", first_name="Ben", last_name="Li").public_name == "Ben Li"
    assert User(username="ben", first_name="Ben", display_name="Benny").public_name == "Benny"


def test_history_tells_what_changed_and_no_password(ben: User, tenant: Tenant) -> None:
    ben.display_name = "Benjamin"
    ben.set_password("another-long-one-1")
    save_user(user=ben, actor=SYSTEM)
    with tenant_scope(tenant):
        line = AuditEntry.objects.get(action="user.change")
    assert line.before == {"display_name": "Ben", "password": MASK}
    assert line.after == {"display_name": "Benjamin", "password": MASK}
