"""What a key looks like: `cpk_` + public prefix + `_` + a 256-bit secret."""

import secrets
from dataclasses import dataclass

from chatplatform.kernel.ids import hash_token, secret_token

MARK = "cpk_"
_PREFIX_LENGTH = 12
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without those that people mix up


@dataclass(frozen=True)
class Token:
    """A key's two halves; `text` is what its holder sends, and nobody keeps."""

    prefix: str
    secret: str

    @property
    def text(self) -> str:
        return f"{MARK}{self.prefix}_{self.secret}"

    @property
    def secret_hash(self) -> str:
        return hash_token(self.secret)

    def __repr__(self) -> str:
        return f"<API key {self.prefix}>"  # tracebacks and logs show this


def new_token() -> Token:
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX_LENGTH))
    return Token(prefix, secret_token())


def is_key(credential: str) -> bool:
    """Whether somebody sends a key where an access token may be."""
    return credential.startswith(MARK)


def read_token(credential: str) -> Token | None:
    """The two halves, or None for what can't be one of ours."""
    prefix, mark, secret = credential.removeprefix(MARK).partition("_")
    if not is_key(credential) or not mark or len(prefix) != _PREFIX_LENGTH or not secret:
        return None
    return Token(prefix, secret)
