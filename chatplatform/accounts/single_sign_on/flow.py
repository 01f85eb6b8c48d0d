"""Single sign-on: allauth's OpenID Connect, fed by our connections and stricter about proofs."""

from typing import Any

import jwt
import requests
import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from chatplatform.accounts import services
from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in import sign_ins
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.accounts.single_sign_on.connections import SsoConnection, open_connection
from chatplatform.accounts.single_sign_on.pages import refused
from chatplatform.audit.actors import SYSTEM

logger = structlog.get_logger(__name__)

REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]


class SsoAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Who is let in, and as whom. A company's provider speaks for that company's people only."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> "SsoProvider":
        connection = open_connection(name=provider)
        if connection is None:
            raise SocialApp.DoesNotExist
        return SsoProvider(request, app=_app_of(connection))

    def get_requests_session(self) -> requests.Session:
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0  # we ask whom the operator named, and nobody whom he names
        return session

    def list_apps(self, *args: Any, **kwargs: Any) -> list[SocialApp]:
        return []  # a list would tell every visitor which companies there are

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Two companies may know one address: it identifies nobody here."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        connection = _connection_of(sociallogin)
        sociallogin.email_addresses = []
        known = sociallogin.user if sociallogin.is_existing else None
        if known and known.tenant_id != connection.tenant_id:
            sign_ins.note_failure(
                request,
                username=known.username,
                user=known,
                reason=LoginLog.Reason.REFUSED,
                method=LoginLog.Method.SINGLE_SIGN_ON,
            )
            raise ImmediateHttpResponse(refused(request))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True  # the connection says so: it names the role of newcomers

    @transaction.atomic
    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: object = None
    ) -> User:
        """Someone new: a user of the connection's company, with its first role and no password."""
        connection = _connection_of(sociallogin)
        user: User = sociallogin.user
        email, user.email = user.email, ""  # allauth would keep a list of addresses of its own
        user.tenant = connection.tenant
        user.set_unusable_password()
        get_account_adapter().populate_username(request, user)
        services.save_user(user=user, actor=SYSTEM)
        user.groups.add(connection.default_role)
        sociallogin.save(request)
        user.email = email
        user.save(update_fields=["email"])
        return user

    def on_authentication_error(
        self, request: HttpRequest, provider: "SsoProvider", **why: Any
    ) -> None:
        logger.warning(
            "single_sign_on_failed",
            domain=provider.app.name,
            error=str(why.get("error")),
            exception=repr(why.get("exception")),
        )
        connection = open_connection(name=provider.app.provider_id)
        sign_ins.note_unknown_failure(request, tenant=connection.tenant if connection else None)


class NonceClient(OAuth2Client):  # type: ignore[misc]  # allauth is untyped
    def get_redirect_url(
        self, authorization_url: str, scope: list[str], extra_params: dict[str, str]
    ) -> str:
        asked = {**extra_params, "nonce": _nonce(self.state)}
        url: str = super().get_redirect_url(authorization_url, scope, asked)
        return url


class ProvingAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Believes an ID token for its signature, issuer, audience and nonce, not for its channel."""

    client_class = NonceClient

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
            raise OAuth2Error("the provider calls itself by another name")
        if not all(isinstance(config.get(name), str) for name in REQUIRED):
            raise OAuth2Error("the provider's configuration is incomplete")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no ID token")
        claims = self._decode_id_token(app, id_token)
        data = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("the provider speaks of two people")
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._signing_key(id_token),
                algorithms=SIGNATURES,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=60,  # clocks differ
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("the ID token proves nothing") from error
        if not constant_time_compare(claims["nonce"], _nonce(self.request.GET["state"])):
            raise OAuth2Error("the ID token answers another request")
        return claims

    def _signing_key(self, id_token: str) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        wanted = jwt.get_unverified_header(id_token).get("kid")
        for key in keys:
            if key.key_id == wanted or (wanted is None and len(keys) == 1):
                return key
        raise OAuth2Error("the ID token names a key that the provider has not")


class SsoProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is untyped
    oauth2_adapter_class = ProvingAdapter


def _app_of(connection: SsoConnection) -> SocialApp:
    return SocialApp(
        provider=SsoProvider.id,
        provider_id=connection.name,
        name=connection.domain[:40],
        client_id=connection.client_id,
        secret=connection.client_secret,
        settings={"server_url": connection.issuer, "oauth_pkce_enabled": True},
    )


def _connection_of(sociallogin: SocialLogin) -> SsoConnection:
    connection = open_connection(name=sociallogin.account.provider)
    if connection is None:
        raise OAuth2Error("the connection was closed meanwhile")
    return connection


def _nonce(state: str) -> str:
    """What an ID token must repeat. The state is in the browser's session, so this is as well."""
    return salted_hmac("oidc nonce", state, algorithm="sha256").hexdigest()
