"""Who tries the doors: everyone the shop knows, and nobody. None of them is the neighbour's."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Permission
from django.test import Client

from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.api_keys.services import create_key
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from tests.cast import person

ROLES = ("agent", "supervisor", "administrator")


WHO = ("nobody", "a customer", *ROLES, "someone who left", "a program")


@dataclass
class Visitor:
    """`headers` go along with every call; `user` signs in with a session cookie."""

    user: User | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False, headers=self.headers)

    @property
    def signs_in(self) -> bool:
        return self.user is not None and self.user.is_active

    def call(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """One request and where it leads: JSON to the API, forms to pages; a fault is an answer."""
        if self.user is not None and SESSION_KEY not in self.client.session:
            self.client.force_login(self.user)
        json = {"content_type": "application/json"} if path.startswith("/api/") else {}
        send = getattr(self.client, method.lower())
        answer = send(path, query if method == "GET" else body, **json)
        while answer.status_code == 302 and not is_login(answer):
            answer = self.client.get(answer.url)
        return answer


def is_login(answer: Any) -> bool:
    """Whether the answer sends its reader to the login page."""
    return answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def visitors(shop: Tenant, ana: OpenedSession) -> dict[str, Visitor]:
    """An administrator as the demo makes them: staff, superuser, and bound to the shop."""
    people = {role: person(shop, f"the-{role}", role=role) for role in ROLES}
    administrator = people["administrator"]
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    gone = person(shop, "the-one-who-left")
    gone.is_active = False
    gone.save()
    return {
        "nobody": Visitor(),
        "a customer": Visitor(headers=bearer(ana.token)),
        **{role: Visitor(user) for role, user in people.items()},
        "someone who left": Visitor(gone),
        "a program": Visitor(headers=bearer(key_of(administrator))),
    }


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def key_of(owner: User) -> str:
    """An API key with every permission there is."""
    pairs = Permission.objects.values_list("content_type__app_label", "codename")
    scopes = [f"{app}.{codename}" for app, codename in pairs]
    with tenant_scope(owner.tenant):
        return create_key(by=owner, owner=owner, name="all", scopes=scopes).token
