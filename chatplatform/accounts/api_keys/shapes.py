"""What comes in and goes out at `/api/v1/api-keys`."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.kernel.http import FilledText, Input


def _moment(value: object) -> object:
    """JSON has no moments: ISO 8601 with its zone is read as one, and nothing else."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)  # type: ignore[arg-type]  # TypeError: caught
    except (TypeError, ValueError):
        raise PydanticCustomError("datetime_parsing", "not a moment") from None


Scope = Annotated[str, Field(max_length=200)]
Network = Annotated[str, Field(max_length=64)]


class ApiKeyBody(Input):
    """`scopes` are permissions ("app.codename"); no `addresses`: from everywhere."""

    name: Annotated[FilledText, Field(max_length=80)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=200)]
    addresses: Annotated[list[Network], Field(max_length=50)] = []
    expires_at: Annotated[AwareDatetime | None, BeforeValidator(_moment)] = None


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class ApiKeyOut(_Shape):
    """A key as it may be shown; `owner` is a user name."""

    prefix: str
    name: str
    owner: str
    scopes: list[str]
    addresses: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeApiKeyOut(ApiKeyOut):
    """`token` is what the program sends as its bearer token; it is never shown again."""

    token: str


class ApiKeysOut(_Shape):
    """One page of keys; `next` and `previous` are addresses, None at the ends."""

    results: list[ApiKeyOut]
    next: str | None
    previous: str | None


def key_out(key: ApiKey) -> ApiKeyOut:
    return ApiKeyOut(
        prefix=key.prefix,
        name=key.name,
        owner=key.owner.username,
        scopes=key.scopes,
        addresses=key.addresses,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )
