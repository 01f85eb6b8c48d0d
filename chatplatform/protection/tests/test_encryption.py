from collections.abc import Iterator
from io import StringIO
from typing import ClassVar

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import isolate_apps
from pytest_django import Settings

from chatplatform.protection.encryption import (
    EncryptedTextField,
    WrongEncryptionKey,
    decrypt,
    encrypt,
)
from chatplatform.protection.rotation import encrypted_columns, rotate

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

with isolate_apps("chatplatform.protection"):

    class Vault(models.Model):
        secret = EncryptedTextField(blank=True)
        label = models.TextField()

        objects: ClassVar[models.Manager["Vault"]] = models.Manager()

        class Meta:
            app_label = "protection"

        def __str__(self) -> str:
            return self.label


@pytest.fixture
def vault(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Vault)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Vault)


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM protection_vault ORDER BY id")
        return [secret for (secret,) in cursor.fetchall()]


def keep(*secrets: str) -> None:
    for secret in secrets:
        Vault.objects.create(secret=secret, label="kept")


@pytest.mark.usefixtures("vault")
def test_a_secret_is_ciphertext_in_the_database_and_text_in_python() -> None:
    keep("s3cret \u00e9\u4e2d", "")
    first, empty = stored()
    assert "s3cret" not in first
    assert empty == ""
    assert [row.secret for row in Vault.objects.order_by("pk")] == ["s3cret \u00e9\u4e2d", ""]


@pytest.mark.usefixtures("vault")
def test_an_encrypted_column_can_only_be_asked_for_being_null() -> None:
    keep("x")
    assert Vault.objects.filter(secret__isnull=False).count() == 1
    with pytest.raises(FieldError):
        Vault.objects.filter(secret="x").count()


def test_the_key_of_the_installation_reads_what_was_stored_before_it_was_set(
    settings: Settings,
) -> None:
    token = encrypt("before")
    settings.ENCRYPTION_KEYS = [NEW]
    assert decrypt(token) == "before"


@pytest.mark.usefixtures("vault")
def test_a_wrong_key_names_the_variable_and_the_column_and_not_the_ciphertext(
    settings: Settings,
) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    keep("x")
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(WrongEncryptionKey) as refused:
        Vault.objects.get()
    told = str(refused.value)
    assert "protection.Vault.secret" in told
    assert "ENCRYPTION_KEYS" in told
    assert stored()[0][:20] not in told


@pytest.mark.usefixtures("vault")
def test_rotation_brings_all_under_the_first_key_once(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    keep("one", "two", "")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    keep("three")
    (column,) = encrypted_columns([Vault])
    list(rotate(column))
    assert (column.seen, column.changed) == (3, 2)
    settings.ENCRYPTION_KEYS = [NEW]
    read = [row.secret for row in Vault.objects.order_by("pk")]
    assert read == ["one", "two", "", "three"]
    before = stored()
    (again,) = encrypted_columns([Vault])
    list(rotate(again))
    assert (again.changed, stored()) == (0, before)


@pytest.mark.usefixtures("vault")
def test_rotation_leaves_a_secret_that_was_changed_meanwhile(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    keep("one", "two")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    (column,) = encrypted_columns([Vault])
    running = rotate(column)
    next(running)
    last = Vault.objects.order_by("pk").last()
    assert last is not None
    last.secret = "changed"
    last.save()
    list(running)
    assert [row.secret for row in Vault.objects.order_by("pk")] == ["one", "changed"]


@pytest.mark.usefixtures("vault")
def test_the_command_tells_what_it_did_and_which_key_is_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps, "get_models", lambda **_: [Vault])
    settings.ENCRYPTION_KEYS = [OLD]
    keep("one")
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match=r"row 1 can't be decrypted: .* ENCRYPTION_KEYS"):
        call_command("rotate_encryption_keys", stdout=StringIO())
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_encryption_keys", stdout=(said := StringIO()))
    assert "protection.Vault.secret: 1 of 1 encrypted anew\n" in said.getvalue()
