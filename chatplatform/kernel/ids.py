"""Public ids and secrets."""

import secrets
from hashlib import sha256


def public_id() -> str:
    """22 url-safe characters, 128 bits: unguessable and fit for a channel name."""
    return secrets.token_urlsafe(16)


def secret_token() -> str:
    """A 256-bit secret, 43 url-safe characters; store only its `hash_token`."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex. Enough for a random 256-bit secret, which no dictionary holds."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
