"""A small OpenID Connect provider on loopback, which can be told to lie."""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Everybody who comes to `/authorize` is `person`. `lies` replaces claims of the ID token."""

    client_id, client_secret = "desk", "client-secret"

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with: Any = self.key
        self.algorithm = "RS256"
        self.person = {"sub": "p-1", "preferred_username": "dora", "name": "Dora Li"}
        self.lies: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self)

            def do_POST(self) -> None:
                provider._answer(self)

            def log_message(self, *_: Any) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, call: BaseHTTPRequestHandler) -> None:
        address = urlsplit(call.path)
        length = int(call.headers.get("Content-Length") or 0)
        asked = dict(parse_qsl(address.query or call.rfile.read(length).decode()))
        if address.path in ("/authorize", "/moved"):
            moved = address.path == "/moved"
            call.send_response(302)
            call.send_header("Location", f"{self.issuer}/jwks" if moved else self._sign_in(asked))
            call.end_headers()
            return
        status, body = {
            "/.well-known/openid-configuration": self._describe,
            "/jwks": self._keys,
            "/token": self._exchange,
            "/userinfo": self._tell,
        }[address.path](asked)
        call.send_response(status)
        call.send_header("Content-Type", "application/json")
        call.end_headers()
        call.wfile.write(json.dumps(body).encode())

    def _describe(self, _: dict[str, str]) -> tuple[int, Any]:
        places = {"token_endpoint": "token", "jwks_uri": "jwks", "userinfo_endpoint": "userinfo"}
        places["authorization_endpoint"] = "authorize"
        known = {name: f"{self.issuer}/{path}" for name, path in places.items()}
        return 200, {"issuer": self.issuer, **known, **self.config}

    def _keys(self, _: dict[str, str]) -> tuple[int, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return 200, {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def _sign_in(self, asked: dict[str, str]) -> str:
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _exchange(self, given: dict[str, str]) -> tuple[int, Any]:
        asked = self._codes.pop(given["code"], None)  # a code is good for one use
        verifier = sha256(given.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(verifier).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if given["client_secret"] != self.client_secret:
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"], **self.person, **self.lies}
        told = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(told, self.signs_with, self.algorithm, headers={"kid": "one"})
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def _tell(self, _: dict[str, str]) -> tuple[int, Any]:
        return 200, {**self.person, **self.userinfo}
