import re
from pathlib import Path

import pytest

from tests.architecture.source import name
from tests.processes import ROOT

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


def test_the_architecture_page_names_only_files_that_are_there() -> None:
    text = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:chatplatform|chatbot|workbench|realtime)/[\w./]+)", text)
    assert named
    assert [path for path in named if not (ROOT / path.rstrip("./")).exists()] == []
