import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.processes import ROOT, environment, manage

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


def texts_of(messages: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What is said for what; babel reads the parts of a .mo as lists, and its contexts as bytes."""
    return {
        (_text(message.context), *_parts(message.id)): _parts(message.string)
        for message in messages
        if message.id and message.string and not message.fuzzy
    }


def _text(context: str | bytes | None) -> str:
    return context.decode() if isinstance(context, bytes) else context or ""


def _parts(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def test_there_is_a_chinese_catalog() -> None:
    assert ROOT / "locale/zh_Hans/LC_MESSAGES/django.po" in CATALOGS


@needs_gettext
def test_every_word_of_the_house_is_translated(tmp_path: Path) -> None:
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = manage("makemessages", "--locale", "zh_Hans", "--no-wrap", "--no-location")
    command[1] = str(tmp_path / "manage.py")
    # It collects below where it starts: anywhere else it would read, and write, what is not ours.
    subprocess.run(command, cwd=tmp_path, env=environment(tmp_path / "var"), check=True, timeout=60)
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
        compiled = texts_of(read_mo(file))
    assert compiled == texts_of(catalog(path)), "run: make messages"
