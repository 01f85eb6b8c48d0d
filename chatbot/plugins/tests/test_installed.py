"""A package that is really installed: its entry point is found, its functions are called."""

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from chatbot.conversations import authors, services
from chatbot.conversations.services import OpenedSession
from chatbot.plugins import dispatch, registry
from chatplatform.kernel.scoping import tenant_scope
from tests.processes import ROOT, wait_until

GUIDE = ROOT / "docs/how-to/write-a-plugin.md"


def code_of_the_guide() -> str:
    """The plugin as the how-to has it, so that what people copy is what is tested."""
    return GUIDE.read_text().split("```python\n", 1)[1].split("```", 1)[0]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which packages are installed."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("word_counter", None)


def install(site: Path, code: str, name: str = "word_counter") -> None:
    """What pip leaves behind: the module, and what its wheel says of itself."""
    (site / f"{name}.py").write_text(code)
    about = site / f"{name}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{name} = {name}\n")


@pytest.mark.django_db(transaction=True)
def test_an_installed_package_hears_the_chat(site: Path, ana: OpenedSession) -> None:
    install(site, code_of_the_guide())
    dispatch.start()
    with tenant_scope(ana.conversation.tenant):
        services.post_message(
            conversation=ana.conversation, author=authors.customer(ana.customer), text="one two"
        )
    counted = sys.modules["word_counter"].words
    wait_until(lambda: counted["shop"] == 2, what="the plugin to count")
    dispatch.report()
    out = StringIO()
    call_command("show_plugins", stdout=out)
    assert "word_counter 1.2" in out.getvalue()
    assert "on_message" in out.getvalue()
    wait_until(lambda: "1 calls, 0 failed" in shown(), what="the counts")


def shown() -> str:
    dispatch.report()
    out = StringIO()
    call_command("show_plugins", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "why"),
    [("raise RuntimeError('broken wheel')", "broken wheel"), ("x = 1", "none of on_session_start")],
)
def test_one_that_can_not_be_loaded_is_listed_with_its_fault(
    site: Path, code: str, why: str
) -> None:
    install(site, code)
    dispatch.start()
    assert not dispatch.are_there()
    assert "not loaded" in shown()
    assert why in shown()


@pytest.mark.django_db
def test_without_any_the_command_says_so() -> None:
    assert shown() == "No plugins are installed.\n"
