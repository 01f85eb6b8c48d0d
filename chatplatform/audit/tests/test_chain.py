from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from chatplatform.audit import sealing
from chatplatform.audit.models import AuditChain, AuditEntry
from chatplatform.audit.sealing import lines_of, seal, seal_waiting
from chatplatform.audit.tests.conftest import write_lines
from chatplatform.audit.verification import verify
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db


def tamper(line: AuditEntry, **changes: Any) -> None:
    """As whoever reaches the database could."""
    AuditEntry._base_manager.filter(pk=line.pk).update(**changes)


def test_lines_wait_for_their_seal_and_then_are_right(
    tenant: Tenant, lines: list[AuditEntry]
) -> None:
    before = verify(tenant.pk)
    assert (before.right, before.waiting, before.ok) == (0, 5, True)
    assert seal_waiting() == 5
    after = verify(tenant.pk)
    assert (after.right, after.waiting, after.ok) == (5, 0, True)
    numbers = lines_of(tenant.pk).order_by("id").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert seal_waiting() == 0


def test_a_chain_goes_on_where_it_ended(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    head = verify(tenant.pk).head
    write_lines(tenant, 2)
    seal_waiting()
    found = verify(tenant.pk)
    assert found.right == 7
    assert found.head != head


def test_each_tenant_and_the_installation_have_chains_of_their_own(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    for owner, count in ((tenant, 3), (other_tenant, 2), (None, 1)):
        write_lines(owner, count)
    seal_waiting()
    assert [verify(pk).right for pk in (tenant.pk, other_tenant.pk, None)] == [3, 2, 1]
    assert AuditChain.objects.count() == 3


def test_more_lines_than_a_batch_are_sealed_in_order(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    write_lines(tenant, 10)
    assert seal(tenant.pk) == 10
    assert verify(tenant.pk).right == 10


@pytest.mark.parametrize(
    "change",
    [
        {"action": "thing.undo"},
        {"target_id": "99"},
        {"actor_label": "bea"},
        {"after": {"right": True}},
        {"address": "192.0.2.1"},
        {"request_id": "another"},
        {"digest": "0" * 64},
    ],
)
def test_a_changed_line_is_named(
    tenant: Tenant, lines: list[AuditEntry], change: dict[str, Any]
) -> None:
    seal_waiting()
    tamper(lines[2], **change)
    found = verify(tenant.pk)
    assert (found.broken_at, found.fault, found.right) == (3, "changed", 2)


def test_a_line_taken_out_is_named(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    AuditEntry._base_manager.filter(pk=lines[1].pk).delete()
    found = verify(tenant.pk)
    assert (found.broken_at, found.fault) == (2, "missing")


def test_lines_cut_off_at_the_end_are_noticed(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    AuditEntry._base_manager.filter(pk__in=[lines[3].pk, lines[4].pk]).delete()
    found = verify(tenant.pk)
    assert (found.broken_at, found.fault) == (4, "cut off")


def test_two_lines_that_change_places_are_noticed(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    first, second = (AuditEntry._base_manager.get(pk=line.pk) for line in lines[:2])
    tamper(first, sequence=99)
    tamper(second, sequence=1, digest=first.digest)
    tamper(first, sequence=2, digest=second.digest)
    assert verify(tenant.pk).broken_at == 1


def test_a_line_put_in_beside_the_chain_is_noticed(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    (added,) = write_lines(tenant, 1)
    tamper(added, sequence=6, digest="a" * 64)
    found = verify(tenant.pk)
    assert (found.broken_at, found.fault) == (6, "added")


def test_a_line_moved_to_another_tenant_is_missed_here_and_wrong_there(
    tenant: Tenant, other_tenant: Tenant, lines: list[AuditEntry]
) -> None:
    seal_waiting()
    tamper(lines[4], tenant=other_tenant)
    assert verify(tenant.pk).broken_at == 5
    assert verify(other_tenant.pk).fault == "added"


def test_a_head_that_was_rewritten_is_noticed(tenant: Tenant, lines: list[AuditEntry]) -> None:
    seal_waiting()
    AuditChain.objects.update(head="f" * 64)
    assert not verify(tenant.pk).ok


def test_a_sealer_that_was_overtaken_leaves_the_lines_to_the_other(
    tenant: Tenant, lines: list[AuditEntry]
) -> None:
    stale, _ = AuditChain.objects.get_or_create(pk=tenant.pk)
    seen = list(lines_of(tenant.pk).order_by("id"))
    seal_waiting()
    with pytest.raises(sealing.Overtaken):
        sealing._append(stale, seen)
    assert verify(tenant.pk).right == 5


def test_looking_for_lines_to_seal_reads_the_few_that_wait(
    tenant: Tenant, lines: list[AuditEntry]
) -> None:
    waiting = AuditEntry._base_manager.filter(sequence__isnull=True).values("tenant_id").distinct()
    if connection.vendor == "sqlite":  # PostgreSQL reads a table of five lines as it is
        assert "audit_not_sealed" in waiting.order_by().explain()


def told(*args: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("verify_audit", *args, stdout=out, no_color=True)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def test_the_command_says_what_is_right_and_what_waits(
    tenant: Tenant, lines: list[AuditEntry]
) -> None:
    seal_waiting()
    write_lines(tenant, 2)
    text, status = told("--tenant", tenant.slug)
    assert text.startswith("shop: 5 lines are right, 2 not sealed yet; head ")
    assert status == 0


def test_the_command_names_the_first_wrong_line_and_fails(
    tenant: Tenant, other_tenant: Tenant, lines: list[AuditEntry]
) -> None:
    seal_waiting()
    tamper(lines[3], action="thing.undo")
    text, status = told()
    assert "shop: line 4 is not as it was sealed; 3 before it are right" in text
    assert "neighbour: 0 lines are right" in text
    assert status == 1


def test_the_command_knows_no_stranger() -> None:
    with pytest.raises(CommandError, match="no tenant nobody"):
        call_command("verify_audit", "--tenant", "nobody")
