"""For every test of the house: files, a database and a broker that are nobody else's; the cast."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

pytest_plugins = ["tests.cast", "tests.clean_slate", "tests.scheduling", "tests.seeded"]

hypothesis_settings.register_profile("long")  # property tests that look harder if asked to

_FOLDER = Path(tempfile.mkdtemp(prefix="chatplatform-tests-"))

# pytest-django has read the settings already; what follows happens before anything uses them
settings.DATA_DIR = _FOLDER
settings.EMBEDDED_VALKEY_SOCKET = _FOLDER / "valkey.sock"  # where no one answers
settings.REDIS_URL = f"unix://{settings.EMBEDDED_VALKEY_SOCKET}"
settings.CHANNEL_LAYERS["default"]["CONFIG"]["url"] = settings.REDIS_URL
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow
# the threads of a finished test would hold the database that is to be dropped
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
    # a file, as in production: an in-memory database knows no WAL and locks whole tables
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = _FOLDER / "tests.sqlite3"
    settings.DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )


# Where the database is by the way, or its queries are tried on PostgreSQL in their own rooms.
SQLITE_IS_ENOUGH = (
    "chatbot/assistant/providers/tests/test_completion.py",
    "chatbot/assistant/tests/test_injections.py",
    "chatbot/assistant/tests/test_model_answerer.py",
    "chatbot/tools/tests/test_http_api.py",
    "realtime/tests/test_model.py",  # hubs by the hundred, each with a connection
    "tests/isolation/",
    "workbench/copilot/tests/test_with_model.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever else touches the database is worth running on PostgreSQL too."""
    touches = {"db", "transactional_db", "django_db_setup"}
    for item in items:
        if item.nodeid.startswith(SQLITE_IS_ENOUGH):
            continue
        if item.get_closest_marker("django_db") or touches & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session", autouse=True)
def _addresses_learnt_once() -> Iterator[None]:
    """Resolvers are kept by their urlconf: a test that names one needs no new ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.urls.clear_url_caches", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _settings_at_their_defaults() -> None:
    """Known without a query, and whatever the test before had stored is forgotten. But for this: a
    busy machine takes its time to find by meaning, and words alone find something else."""
    from chatplatform.configuration import memory

    memory.hold(memory.Snapshot(values={(None, "search"): {"patience": 10_000}}))


@pytest.fixture(autouse=True)
def _in_nobodys_language() -> None:
    """A request leaves its reader's language on the thread, and tests share one."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nobodys_rights_remembered() -> None:
    """A transaction that is taken back gives the same keys to the next test's people."""
    from chatplatform.roles import rights

    rights.forget_all()


@pytest.fixture(autouse=True)
def _nobodys_words_remembered() -> None:
    """Likewise for tenants: the words and articles of the test before are nobody's."""
    from chatbot.knowledge.index import catalogues
    from chatbot.moderation.word_lists import matchers

    matchers.forget_all()
    catalogues.forget_all()


def pytest_unconfigure() -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)  # not atexit: parallel workers leave without it
