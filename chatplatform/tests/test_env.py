import io
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from chatplatform import env

GOOD_KEY = "k3y-9x_Q" * 8


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable is set but those of the test, and no .env file is read."""
    for name in env.Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(env.Environment.model_config, "env_file", None)


def complaints(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """What a start with these variables says; fails if it starts."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as refused:
        env.read()
    return str(refused.value).splitlines()[1:]


def test_nothing_has_to_be_set() -> None:
    found = env.read()
    assert found.debug
    assert (found.chatbot_port, found.workbench_port) == (8000, 8002)
    assert found.data_dir == env.BASE_DIR / "var"


def test_all_faults_are_told_at_once_each_by_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = complaints(
        monkeypatch,
        DEBUG="maybe",
        CHATBOT_PORT="http",
        WORKBENCH_PORT="70000",
        DATABASE_URL="oracle9i://x",
        REDIS_URL="localhost:6379",
        LOG_FORMAT="xml",
        EVENT_RETENTION_DAYS="-1",
        ASSISTANT_BASE_URL="not a url",
    )
    assert [line.strip().split(":")[0] for line in told] == [
        "DEBUG",
        "DATABASE_URL",
        "REDIS_URL",
        "CHATBOT_PORT",
        "WORKBENCH_PORT",
        "LOG_FORMAT",
        "EVENT_RETENTION_DAYS",
        "ASSISTANT_BASE_URL",
    ]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.5", "8000x", " "])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    (told,) = complaints(monkeypatch, CHATBOT_PORT=port)
    assert "CHATBOT_PORT" in told


@pytest.mark.parametrize(
    "url", ["postgres", "postgres://h:port/x", "http://host/db", "mysql+x://h", "://"]
)
def test_a_database_we_cannot_reach_that_way_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    (told,) = complaints(monkeypatch, DATABASE_URL=url)
    assert "DATABASE_URL" in told


@pytest.mark.parametrize("url", ["redis:6379", "http://redis", "redis//x"])
def test_a_redis_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    (told,) = complaints(monkeypatch, REDIS_URL=url)
    assert "REDIS_URL" in told


def test_production_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = complaints(monkeypatch, DEBUG="0")
    assert "SECRET_KEY" in told
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    assert not env.read().debug


@pytest.mark.parametrize("key", [env.DEVELOPMENT_SECRET_KEY, "short", "aaaaaaaa" * 8])
def test_a_secret_that_can_be_guessed_is_refused_in_production(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    (told,) = complaints(monkeypatch, DEBUG="off", SECRET_KEY=key)
    assert "SECRET_KEY" in told


def test_no_complaint_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    told = complaints(
        monkeypatch, DATABASE_URL="postgres://bob:hunter22@h:x/d", DEBUG="0", SECRET_KEY="hunter22"
    )
    assert "hunter22" not in "".join(told)
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    assert GOOD_KEY not in repr(env.read())


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_PORT", "")
    monkeypatch.setenv("ASSISTANT_BASE_URL", "")
    found = env.read()
    assert (found.chatbot_port, found.assistant_base_url) == (8000, None)


def test_lists_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "desk.example, chat.example ,")
    assert env.read().allowed_hosts == ["desk.example", "chat.example"]


def test_data_dir_is_below_the_project_unless_it_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATA_DIR", "data")
    assert env.read().data_dir == env.BASE_DIR / "data"
    monkeypatch.setenv("DATA_DIR", "/srv/chatplatform")
    assert env.read().data_dir == Path("/srv/chatplatform")


def test_every_variable_stands_in_the_example_file() -> None:
    example = env.BASE_DIR / ".env.example"
    named = {
        line.lstrip("# ").split("=")[0]
        for line in io.StringIO(example.read_text("utf-8"))
        if "=" in line
    }
    assert {name.upper() for name in env.Environment.model_fields} <= named


def test_an_encryption_key_that_is_none_is_named_by_its_place_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = Fernet.generate_key().decode()
    (told,) = complaints(monkeypatch, ENCRYPTION_KEYS=f"{good},hunter2")
    assert told.strip().startswith("ENCRYPTION_KEYS: key 2 is no Fernet key")
    assert "hunter2" not in told
    monkeypatch.setenv("ENCRYPTION_KEYS", good)
    assert [key.get_secret_value() for key in env.read().encryption_keys] == [good]


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "10.0.0.1/8", "http://shop.example", "1.2.3"])
def test_what_may_be_fetched_is_hosts_and_networks(
    monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    assert (
        complaints(monkeypatch, OUTBOUND_ALLOWED=f"shop.internal,{entry}")[0]
        .strip()
        .startswith("OUTBOUND_ALLOWED: ")
    )


def test_hosts_and_networks_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOWED", "localhost, 10.1.0.0/16,::1,api.internal.example")
    assert len(env.read().outbound_allowed) == 4
