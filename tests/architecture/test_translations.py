import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.processes import ROOT, environment, manage, started

CATALOGS = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
SOURCES = ("chatplatform", "chatbot", "workbench", "realtime", "templates", "locale")

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="gettext is not installed (apt install gettext)"
)


def catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def untranslated(path: Path) -> Iterator[str]:
    for message in catalog(path):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            yield str(message.id)


def test_there_is_a_chinese_catalog() -> None:
    assert ROOT / "locale/zh_Hans/LC_MESSAGES/django.po" in CATALOGS


@needs_gettext
def test_every_word_of_the_house_is_translated(tmp_path: Path) -> None:
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = manage("makemessages", "--locale", "zh_Hans", "--no-wrap", "--no-location")
    command[1] = str(tmp_path / "manage.py")
    with started(command, env=environment(tmp_path / "var"), output=tmp_path / "said") as process:
        status = process.wait(60)
    assert status == 0, process.said
    missing = {
        path.name: list(untranslated(path))
        for path in sorted(tmp_path.glob("locale/*/LC_MESSAGES/*.po"))
    }
    assert not any(missing.values()), f"run `make messages` and translate: {missing}"


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.name)
def test_a_translation_keeps_the_placeholders(path: Path) -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for message in filter(lambda message: message.id, catalog(path)):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(placeholder.findall(ids[-1]))
        assert all(set(placeholder.findall(text)) == wanted for text in texts if text), ids


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.name)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    written = {
        message.id: message.string
        for message in catalog(path)
        if message.id and message.string and not message.fuzzy
    }
    assert compiled == written, "run: make messages"
