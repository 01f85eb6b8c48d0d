"""Public ids, secrets, and names that processes go by."""

import os
import secrets
import socket
from hashlib import sha256


def public_id() -> str:
    """22 url-safe characters, 128 bits: unguessable and fit for a channel name.

    The first is a letter or digit: people read these ids, and pass them to commands.
    """
    while not (made := secrets.token_urlsafe(16))[0].isalnum():
        continue
    return made


def secret_token() -> str:
    """A 256-bit secret, 43 url-safe characters; store only its `hash_token`."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex. Enough for a random 256-bit secret, which no dictionary holds."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def worker_name() -> str:
    """Whose a leased row is: told apart from every other worker's, and by people from its host and
    process; at most 100 characters."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
