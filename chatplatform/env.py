"""The only reader of the process environment: every variable, its type, its default."""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

import dj_database_url
from cryptography.fernet import Fernet
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
# Libraries that compute with threads of their own let these spin while they wait, on the cores that
# serve customers. Read when numpy is loaded, which is after the settings.
for _pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_pool, "1")  # noqa: TID251 - written, not read
DEVELOPMENT_SECRET_KEY = "insecure-development-key-never-use-it-in-production"  # noqa: S105 - refused when DEBUG is off
_MAKE_A_KEY = (
    "python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key().decode())'"
)

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]


class Environment(BaseSettings):
    """Typed settings; a bad value stops the start and names its variable, all faults at once."""

    model_config = SettingsConfigDict(
        env_file=BASE_DIR / ".env", extra="ignore", env_ignore_empty=True
    )

    debug: bool = Field(True, description="Development mode. Turn off in production.")
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET_KEY),
        description="Signs cookies and tokens; 50 random characters or more.",
    )
    encryption_keys: Annotated[list[SecretStr], NoDecode] = Field(
        [],
        description="Fernet keys of the stored secrets, separated by commas: the first encrypts, "
        "all decrypt. Empty: derived from SECRET_KEY.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        ["localhost", "127.0.0.1", "[::1]"],
        description="Host names we answer to, separated by commas.",
    )
    csrf_trusted_origins: Annotated[list[str], NoDecode] = Field(
        [], description="Origins whose forms are trusted behind a TLS proxy, separated by commas."
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=9,
        description="How many proxies stand before us and append to X-Forwarded-For.",
    )
    admin_needs_mfa: bool | None = Field(
        None,
        description="Whether `/admin/` asks for a second factor. Empty: when DEBUG is off.",
    )
    hsts_seconds: Annotated[int, Field(ge=0)] = Field(
        31_536_000,
        description="How long browsers insist on HTTPS (Strict-Transport-Security), in seconds.",
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token that `/metrics` asks for. Empty: it asks for none."
    )
    data_dir: Path = Field(
        Path("var"), description="Where SQLite, the embedded Valkey and uploads live."
    )
    database_url: str = Field(
        "", description="postgres://..., mysql://... Empty: SQLite in DATA_DIR."
    )
    redis_url: str = Field(
        "",
        description="redis://, rediss:// or unix://. Empty: the embedded Valkey in DATA_DIR.",
    )
    host: str = Field("127.0.0.1", description="Address that `runplatform` listens on.")
    chatbot_port: Port = Field(8000, description="Port of the customers' process.")
    workbench_port: Port = Field(8002, description="Port of the agents' process.")
    chatbot_url: AnyHttpUrl | None = Field(
        None, description="Public address of the customers' process."
    )
    workbench_url: AnyHttpUrl | None = Field(
        None, description="Public address of the agents' process."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How log lines are written."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe line logged."
    )
    event_retention_days: Seconds = Field(
        7, description="How long events can be replayed, in days."
    )
    audit_retention_days: float = Field(
        730, ge=0, description="How long history (audit lines) is kept, in days. 0: for ever."
    )
    outbound_allowed: Annotated[list[str], NoDecode] = Field(
        [],
        description="Hosts and networks (CIDR) besides the open internet that tools, imports and "
        "models may be fetched from, separated by commas.",
    )
    assistant_base_url: AnyHttpUrl | None = Field(
        None, description="Any OpenAI-compatible endpoint. Empty: the embedded answerer."
    )
    assistant_api_key: SecretStr | None = Field(None, description="Key of that endpoint.")
    assistant_model: str = Field("", description="Model name at that endpoint.")

    @field_validator(
        "allowed_hosts",
        "csrf_trusted_origins",
        "encryption_keys",
        "outbound_allowed",
        mode="before",
    )
    @classmethod
    def split_commas(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @field_validator("encryption_keys")
    @classmethod
    def fernet_keys(cls, value: list[SecretStr]) -> list[SecretStr]:
        for place, key in enumerate(value, start=1):
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError(f"key {place} is no Fernet key: {_MAKE_A_KEY}") from None
        return value

    @field_validator("outbound_allowed")
    @classmethod
    def hosts_and_networks(cls, value: list[str]) -> list[str]:
        for entry in value:
            if not _is_host_or_network(entry):
                raise ValueError(f"{entry} is neither a host name nor a network like 10.1.0.0/16")
        return value

    @field_validator("data_dir")
    @classmethod
    def below_the_project(cls, value: Path) -> Path:
        return value if value.is_absolute() else BASE_DIR / value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        if value:
            try:
                dj_database_url.parse(value)
            except (
                ValueError,
                KeyError,
            ) as error:  # the library lets its scheme table's KeyError out
                raise ValueError(
                    f"not a database address we know ({error.__class__.__name__})"
                ) from None
        return value

    @field_validator("redis_url")
    @classmethod
    def known_redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @model_validator(mode="after")
    def secret_in_production(self) -> "Environment":
        key = self.secret_key.get_secret_value()
        if not self.debug and key == DEVELOPMENT_SECRET_KEY:
            raise ValueError("SECRET_KEY must be set when DEBUG is off")
        if not self.debug and (len(key) < 32 or len(set(key)) < 5):
            raise ValueError("SECRET_KEY can be guessed: 50 random characters are right")
        return self


def _is_host_or_network(entry: str) -> bool:
    try:
        ip_network(entry)
    except ValueError:
        # A typing error in a network must not become a host that nobody has.
        return re.fullmatch(r"(?![\d./:]+$)[\w-]+(\.[\w-]+)*", entry) is not None
    return True


def read() -> Environment:
    """The environment, or an exit with one line per bad variable."""
    try:
        return Environment()
    except ValidationError as error:
        raise SystemExit(
            "\n".join(["Settings are not right:", *map(_complaint, error.errors())])
        ) from None


def for_child(**changes: str) -> dict[str, str]:
    """The environment of a process we start: ours, with `changes`."""
    return {**os.environ, **changes}  # noqa: TID251 - this is the one reader


def _complaint(fault: object) -> str:
    assert isinstance(fault, dict)  # noqa: S101 - pydantic's shape, for the type checker
    variable = "_".join(map(str, fault["loc"][:1])).upper()
    return f"  {variable + ': ' if variable else ''}{fault['msg'].removeprefix('Value error, ')}"
