import gzip
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chatplatform.audit import retention
from chatplatform.audit.models import AuditEntry
from chatplatform.audit.sealing import lines_of, seal_waiting
from chatplatform.audit.tests.conftest import write_lines
from chatplatform.audit.verification import verify
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


@pytest.fixture
def old(tenant: Tenant) -> list[AuditEntry]:
    """Three lines of two years ago and two of today, sealed."""
    made = write_lines(tenant, 5)
    past = timezone.now() - 2 * YEAR
    AuditEntry._base_manager.filter(pk__in=[line.pk for line in made[:3]]).update(at=past)
    seal_waiting()
    return made


def targets(tenant: Tenant) -> list[str]:
    return list(lines_of(tenant.pk).order_by("id").values_list("target_id", flat=True))


def test_old_lines_go_and_the_rest_stays_verifiable(tenant: Tenant, old: list[AuditEntry]) -> None:
    (trimmed,) = retention.trim(keep=YEAR)
    assert (trimmed.tenant, trimmed.first, trimmed.last) == ("shop", 1, 3)
    assert targets(tenant) == ["4", "5", "shop"]
    seal_waiting()
    found = verify(tenant.pk)
    assert (found.ok, found.right) == (True, 3)


def test_trimming_is_itself_history(tenant: Tenant, old: list[AuditEntry]) -> None:
    retention.trim(keep=YEAR)
    line = lines_of(tenant.pk).get(action="audit.trim")
    assert line.data == {"first": 1, "last": 3, "archived": False}


def test_nothing_goes_twice_nor_before_it_is_sealed(tenant: Tenant, old: list[AuditEntry]) -> None:
    (late,) = write_lines(tenant, 1)
    AuditEntry._base_manager.filter(pk=late.pk).update(at=timezone.now() - 2 * YEAR)
    assert len(retention.trim(keep=YEAR)) == 1
    assert retention.trim(keep=YEAR) == []
    assert lines_of(tenant.pk).filter(pk=late.pk).exists()


def test_a_chain_trimmed_to_nothing_goes_on(tenant: Tenant, old: list[AuditEntry]) -> None:
    retention.trim(keep=timedelta(0))
    seal_waiting()
    write_lines(tenant, 2)
    seal_waiting()
    found = verify(tenant.pk)
    assert (found.ok, found.right) == (True, 3)


def test_batches_move_the_anchor_along(
    tenant: Tenant, old: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    retention.trim(keep=YEAR)
    assert verify(tenant.pk).ok


def test_lines_that_were_tampered_with_are_not_removed(
    tenant: Tenant, old: list[AuditEntry]
) -> None:
    AuditEntry._base_manager.filter(pk=old[1].pk).update(action="thing.undo")
    assert retention.trim(keep=YEAR) == []
    assert verify(tenant.pk).broken_at == 2


def test_an_archive_holds_what_went_and_can_be_verified(
    tenant: Tenant, old: list[AuditEntry], tmp_path: Path
) -> None:
    out = StringIO()
    call_command("trim_audit_log", "--archive", str(tmp_path), "--days", "365", stdout=out)
    file = tmp_path / "shop-1-3.jsonl.gz"
    assert f"shop: lines 1 to 3, archived to {file}" in out.getvalue()
    header, *kept = map(json.loads, gzip.decompress(file.read_bytes()).splitlines())
    assert header["last"] == 3
    assert [line["target"] for line in kept] == [["thing", "1"], ["thing", "2"], ["thing", "3"]]
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    call_command("verify_audit", "--archive", str(file), stdout=out)
    assert "shop-1-3.jsonl.gz: 3 lines are right" in out.getvalue()


def test_an_archive_that_was_changed_is_refused(
    tenant: Tenant, old: list[AuditEntry], tmp_path: Path
) -> None:
    (trimmed,) = retention.trim(keep=YEAR, archive=tmp_path)
    assert trimmed.archive is not None
    text = gzip.decompress(trimmed.archive.read_bytes()).decode()
    trimmed.archive.write_bytes(gzip.compress(text.replace('"ben"', '"bea"', 1).encode()))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--archive", str(trimmed.archive), stdout=out)
    assert "line 1 is not as it was sealed" in out.getvalue()


def test_what_is_no_archive_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not an archive")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify_audit", "--archive", str(tmp_path / "x"))


def test_one_tenant_alone_can_be_trimmed(
    tenant: Tenant, other_tenant: Tenant, old: list[AuditEntry]
) -> None:
    assert retention.trim(keep=YEAR, only=other_tenant.slug) == []
    assert len(retention.trim(keep=YEAR, only=tenant.slug)) == 1


def test_no_retention_keeps_history_for_ever(
    tenant: Tenant, old: list[AuditEntry], settings: Any
) -> None:
    settings.AUDIT_RETENTION = timedelta(0)
    retention.trim_daily()
    assert len(targets(tenant)) == 5
    with pytest.raises(CommandError, match="for ever"):
        call_command("trim_audit_log")
    settings.AUDIT_RETENTION = YEAR
    retention.trim_daily()
    assert len(targets(tenant)) == 3
