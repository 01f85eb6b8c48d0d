from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.services import MadeKey
from chatplatform.accounts.api_keys.tokens import new_token
from chatplatform.accounts.models import User

SERVE = "conversations.serve_conversation"
Make = Callable[..., MadeKey]


@pytest.fixture
def make() -> Make:
    """A key, whatever its maker might be allowed."""

    def made(owner: User, *, scopes: tuple[str, ...] = (SERVE,), **fields: Any) -> MadeKey:
        token = new_token()
        key = ApiKey(
            tenant=owner.tenant,
            owner=owner,
            name="Shop system",
            prefix=token.prefix,
            secret_hash=token.secret_hash,
            scopes=list(scopes),
            **fields,
        )
        key.save()
        stored = ApiKey._base_manager.select_related("tenant", "owner").get(pk=key.pk)
        return MadeKey(stored, token.text)  # with the company's rights as they are now

    return made


def call(token: str, path: str = "/api/v1/sessions", method: str = "get", **extra: Any) -> Any:
    """A program's call with that token."""
    headers = {"authorization": f"Bearer {token}"}
    client = Client(headers=headers)
    return getattr(client, method)(path, content_type="application/json", **extra)
