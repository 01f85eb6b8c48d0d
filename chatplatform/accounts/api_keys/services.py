"""What can happen to keys: they are made and revoked, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.api_keys.addresses import normalised
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tokens import new_token
from chatplatform.accounts.callers.acting import may_act_as
from chatplatform.accounts.callers.narrowing import refuse_keys
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.input_errors import FieldError

MOST_OPEN = 50  # keys of one owner; whoever has more has lost count


@dataclass(frozen=True)
class MadeKey:
    """`token` is what the program sends: told here once, and known nowhere else."""

    key: ApiKey
    token: str

    def __repr__(self) -> str:
        return f"<made {self.key}>"


@transaction.atomic
def create_key(
    *,
    by: User,
    owner: User,
    name: str,
    scopes: Sequence[str],
    addresses: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> MadeKey:
    """Make a key that acts as `owner` (of the same tenant) within `scopes` ("app.codename").

    PermissionRefused without `api_keys.add_apikey`, and for a key that asks. InvalidInput for a
    scope that the owner or the maker lacks, an address that is none, an expiry in the past.
    """
    refuse_keys(by)
    if not by.has_perm("api_keys.add_apikey"):
        raise PermissionRefused(_("You may not make API keys."))
    _check_owner(by, owner)
    _check_scopes(by, owner, scopes)
    _check_expiry(expires_at)
    ends = expires_at.astimezone(UTC) if expires_at else None
    token = new_token()
    key: ApiKey = ApiKey.objects.create(
        tenant=owner.tenant,
        owner=owner,
        name=name,
        prefix=token.prefix,
        secret_hash=token.secret_hash,
        scopes=sorted(set(scopes)),
        addresses=_networks(addresses),
        expires_at=ends,
    )
    after = {"name": name, "owner": owner.username, "scopes": key.scopes}
    after |= {"addresses": key.addresses, "expires_at": ends}
    audit.record(
        tenant=owner.tenant,
        actor=actor_of(by),
        action="api_key.create",
        target=key.prefix,
        after=after,
    )
    return MadeKey(key, token.text)


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User) -> None:
    """End a key for good: calls are refused at once, streams end within seconds. Twice is once."""
    refuse_keys(by)
    if by.pk != key.owner_id and not by.has_perm("api_keys.delete_apikey"):
        raise PermissionRefused(_("You may not revoke this API key."))
    now = timezone.now()
    if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
        return
    key.revoked_at = now
    audit.record(
        tenant=key.tenant,
        actor=actor_of(by),
        action="api_key.revoke",
        target=key.prefix,
        data={"name": key.name},
    )


def _check_owner(by: User, owner: User) -> None:
    if owner.tenant_id is None or by.tenant_id not in (None, owner.tenant_id):
        raise _refusal("owner", "invalid", _("Keys belong to people of your company."))
    if not may_act_as(by, owner):
        raise _refusal("owner", "beyond_own_rights", _("This person may do or see more than you."))
    if ApiKey.objects.filter(ApiKey.open_now(), owner=owner).count() >= MOST_OPEN:
        raise _refusal("owner", "too_many", _("This person has too many keys: revoke some."))


def _check_scopes(by: User, owner: User, scopes: Sequence[str]) -> None:
    """Nobody hands on what she lacks, and no key may do what its owner can't."""
    pairs = Permission.objects.values_list("content_type__app_label", "codename")
    known = {f"{app}.{codename}" for app, codename in pairs}
    for scope in scopes:
        if scope not in known:
            raise _refusal("scopes", "unknown", _("There is no such permission."), scope)
        if not owner.has_perm(scope) or not by.has_perm(scope):
            raise _refusal("scopes", "not_held", _("Not both of you may do this."), scope)


def _check_expiry(expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise _refusal("expires_at", "past", _("This moment is past."))


def _networks(addresses: Sequence[str]) -> list[str]:
    try:
        return sorted({normalised(address) for address in addresses})
    except ValueError:
        text = _("Write addresses or networks, such as 192.0.2.7 or 192.0.2.0/24.")
        raise _refusal("addresses", "invalid", text) from None


def _refusal(field: str, code: str, message: StrOrPromise, about: str = "") -> InvalidInput:
    text = f"{about}: {message}" if about else str(message)
    fault: FieldError = {"field": field, "code": code, "message": text}
    return InvalidInput(errors=[fault])
