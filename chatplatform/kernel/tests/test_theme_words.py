import re
from pathlib import Path

import pytest
import unfold

from chatplatform.kernel.theme_words import WORDS

THEME = Path(unfold.__file__).parent
# Python's long texts are written in pieces: "one " 'and two'.
SEAM = re.compile(r"""["']\s*\n\s*["']""")


@pytest.fixture(scope="module")
def said_by_the_theme() -> str:
    sources = [*THEME.rglob("*.html"), *THEME.rglob("*.py")]
    return SEAM.sub("", "\n".join(source.read_text(encoding="utf-8") for source in sources))


@pytest.mark.parametrize("word", WORDS)
def test_the_theme_still_says_what_we_translate(word: str, said_by_the_theme: str) -> None:
    assert re.search(rf"""["']{re.escape(word)}["']""", said_by_the_theme)
