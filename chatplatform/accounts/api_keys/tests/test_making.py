import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chatplatform.accounts.api_keys import services
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tests.conftest import SERVE, Make, call
from chatplatform.accounts.api_keys.tokens import read_token
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.accounts.tests.test_signing_in import token_of
from chatplatform.audit.models import AuditEntry
from chatplatform.audit.sealing import lines_of
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

KEYS = "/api/v1/api-keys"


@pytest.fixture
def adas(ada: User) -> str:
    """Ada's access token."""
    return token_of(ada)


def post(token: str, **body: Any) -> Any:
    return call(token, KEYS, "post", data=json.dumps({"name": "Shop", "scopes": [SERVE], **body}))


def test_a_key_is_made_shown_once_and_works(adas: str, ada: User) -> None:
    answer = post(adas, addresses=["127.0.0.1"])
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    made = answer.json()
    assert made["token"].startswith(f"cpk_{made['prefix']}_")
    assert (made["owner"], made["scopes"], made["addresses"]) == ("ada", [SERVE], ["127.0.0.1/32"])
    assert call(made["token"]).status_code == 200
    (listed,) = call(adas, KEYS).json()["results"]
    assert listed == {name: value for name, value in made.items() if name != "token"}


def test_the_secret_is_neither_stored_nor_logged(
    adas: str, ada: User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made = post(adas).json()
    call(made["token"])
    call(made["token"], "/api/v1/nowhere")
    token = read_token(made["token"])
    assert token is not None
    (key,) = ApiKey._base_manager.values()
    (line,) = lines_of(ada.tenant_id).values()
    written = [str(key), str(line), caplog.text, *capfd.readouterr()]
    assert key["secret_hash"] == token.secret_hash
    assert not any(token.secret in text for text in written)


def test_making_and_revoking_is_history(adas: str, ada: User) -> None:
    prefix = post(adas).json()["prefix"]
    assert call(adas, f"{KEYS}/{prefix}", "delete").status_code == 204
    assert call(adas, f"{KEYS}/{prefix}", "delete").status_code == 204
    with user_scope(ada):
        made, revoked = AuditEntry.objects.order_by("id")
    assert (made.action, made.target_id, made.actor_label) == ("api_key.create", prefix, "ada")
    assert made.after["scopes"] == [SERVE]
    assert (revoked.action, revoked.target_id) == ("api_key.revoke", prefix)


def test_a_revoked_key_is_refused_at_once(adas: str) -> None:
    made = post(adas).json()
    call(adas, f"{KEYS}/{made['prefix']}", "delete")
    assert call(made["token"]).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["nothing.at_all"]}, "scopes"),
        ({"scopes": ["audit.export_auditentry", "sessions.view_session"]}, "scopes"),
        ({"addresses": ["here"]}, "addresses"),
        ({"addresses": ["192.0.2.300"]}, "addresses"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": 4102444800}, "expires_at"),
        ({"expires_at": "2040-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"owner": "ben"}, "owner"),
    ],
)
def test_bad_input_is_named(adas: str, body: dict[str, Any], field: str) -> None:
    answer = post(adas, **body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not ApiKey._base_manager.exists()


def test_an_end_is_kept(adas: str) -> None:
    made = post(adas, expires_at="2099-01-01T00:00:00+08:00").json()
    assert made["expires_at"] == "2098-12-31T16:00:00Z"


def test_who_may_not_make_keys_does_not(ben: User, make: Make) -> None:
    answer = post(token_of(ben))
    assert answer.status_code == 403
    own = make(ben)
    assert [key["prefix"] for key in call(token_of(ben), KEYS).json()["results"]] == [
        own.key.prefix
    ]
    assert call(token_of(ben), f"{KEYS}/{own.key.prefix}", "delete").status_code == 204


def test_a_key_makes_lists_and_revokes_no_keys_nor_sessions(ada: User, make: Make) -> None:
    scopes = ("api_keys.add_apikey", "api_keys.view_apikey", "api_keys.delete_apikey", SERVE)
    made = make(ada, scopes=scopes)
    for answer in (
        post(made.token),
        call(made.token, KEYS),
        call(made.token, f"{KEYS}/{made.key.prefix}", "delete"),
        call(made.token, "/api/v1/me/sessions"),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "people_only"


def test_an_administrator_sees_and_revokes_her_peoples_keys(
    adas: str, ben: User, sam: User, make: Make
) -> None:
    bens, sams = make(ben), make(sam)
    listed = [key["prefix"] for key in call(adas, KEYS).json()["results"]]
    assert listed == [bens.key.prefix]
    assert call(adas, f"{KEYS}/{sams.key.prefix}", "delete").status_code == 404
    assert call(adas, f"{KEYS}/nothing", "delete").status_code == 404
    assert call(adas, f"{KEYS}/{bens.key.prefix}", "delete").status_code == 204
    assert call(sams.token).status_code == 200
    assert call(bens.token).status_code == 401


def test_nobody_without_the_right_sees_anothers_keys(ben: User, ada: User, make: Make) -> None:
    adas = make(ada)
    assert call(token_of(ben), KEYS).json()["results"] == []
    assert call(token_of(ben), f"{KEYS}/{adas.key.prefix}", "delete").status_code == 404


def test_nobody_hands_on_what_she_or_the_owner_lacks(ada: User, ben: User) -> None:
    with user_scope(ada), pytest.raises(InvalidInput) as refused:
        services.create_key(by=ada, owner=ben, name="x", scopes=["audit.view_auditentry"])
    assert refused.value.extra["errors"][0]["code"] == "not_held"


def test_a_key_for_another_companys_person_is_refused(ada: User, sam: User) -> None:
    with user_scope(ada), pytest.raises(InvalidInput):
        services.create_key(by=ada, owner=sam, name="x", scopes=[SERVE])


def test_an_operator_of_no_company_can_own_no_key(operator: User) -> None:
    with pytest.raises(InvalidInput):
        services.create_key(by=operator, owner=operator, name="x", scopes=[SERVE])
    assert call(token_of(operator), KEYS).status_code == 403


def test_a_key_is_revoked_by_its_owner_or_an_administrator(
    ben: User, ada: User, cleo: User, make: Make
) -> None:
    key = make(ben).key
    with user_scope(ben):
        with pytest.raises(PermissionRefused):
            services.revoke_key(key=key, by=cleo)
        services.revoke_key(key=key, by=ada)
    assert not key.is_open


def test_there_is_an_end_to_keys(ada: User, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_OPEN", 2)
    make(ada), make(ada), make(ada, revoked_at=timezone.now())
    with user_scope(ada), pytest.raises(InvalidInput):
        services.create_key(by=ada, owner=ada, name="x", scopes=[SERVE])


def test_the_admin_makes_a_key_and_shows_it_once(ada: User, client: Client) -> None:
    client.force_login(ada)
    at = "/admin/api_keys/apikey/"
    form = client.get(f"{at}add/")
    assert form.status_code == 200
    body = {"name": "Shop", "owner": ada.pk, "scopes": [SERVE], "addresses": "192.0.2.7/24"}
    made = client.post(f"{at}add/", {**body, "expires_at_0": "", "expires_at_1": ""})
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    (key,) = ApiKey._base_manager.all()
    page = made.content.decode()
    assert f"cpk_{key.prefix}_" in page
    assert (key.addresses, key.scopes) == (["192.0.2.0/24"], [SERVE])
    assert f"cpk_{key.prefix}_" not in client.get(at).content.decode()
    shown = client.get(f"{at}{key.pk}/change/")
    assert shown.status_code == 200
    assert f"cpk_{key.prefix}_" not in shown.content.decode()


def test_the_admin_says_what_the_service_refuses(ada: User, ben: User, client: Client) -> None:
    client.force_login(ada)
    body = {"name": "Shop", "owner": ben.pk, "scopes": ["audit.view_auditentry"], "addresses": ""}
    page = client.post("/admin/api_keys/apikey/add/", body)
    assert page.status_code == 200
    assert "Not both of you may do this" in page.content.decode()
    assert not ApiKey._base_manager.exists()


def test_the_admin_revokes(ada: User, ben: User, sam: User, client: Client, make: Make) -> None:
    client.force_login(ada)
    bens, sams = make(ben).key, make(sam).key
    chosen = {"action": "revoke", "_selected_action": [bens.pk, sams.pk]}
    client.post("/admin/api_keys/apikey/", chosen)
    states = dict(ApiKey._base_manager.values_list("pk", "revoked_at"))
    assert states[bens.pk] is not None
    assert states[sams.pk] is None
    assert client.get(f"/admin/api_keys/apikey/{sams.pk}/change/").status_code in (302, 403, 404)


def test_an_expired_key_can_be_told_from_an_open_one(ada: User, make: Make) -> None:
    past = timezone.now() - timedelta(days=1)
    assert not make(ada, expires_at=past).key.is_open
    assert make(ada).key.is_open


def test_the_schema_describes_both_bearers(client: Client) -> None:
    schema = client.get("/api/schema/?format=json").json()
    schemes = schema["components"]["securitySchemes"]
    assert {"accessToken", "apiKey"} <= set(schemes)
    security = schema["paths"]["/api/v1/api-keys"]["get"]["security"]
    assert {"apiKey": []} in security
    assert {"accessToken": []} in security


def test_the_tenants_of_keys_are_their_owners(ada: User, adas: str, tenant: Tenant) -> None:
    post(adas)
    assert ApiKey._base_manager.get().tenant == tenant
