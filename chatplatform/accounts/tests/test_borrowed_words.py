import re
from pathlib import Path

import allauth
import pytest
from django.utils.translation import gettext, override

from chatplatform.accounts.borrowed_words import WORDS

LIBRARY = Path(allauth.__file__).parent
# Python's long texts are written in pieces: "one " 'two'; templates' on lines of their own.
SEAM = re.compile(r"""["']\s*\n\s*["']""")


@pytest.fixture(scope="module")
def said_by_the_library() -> str:
    sources = [*LIBRARY.rglob("*.html"), *LIBRARY.rglob("*.txt"), *LIBRARY.rglob("*.py")]
    return SEAM.sub("", "\n".join(source.read_text(encoding="utf-8") for source in sources))


@pytest.mark.parametrize("word", WORDS)
def test_the_library_still_says_what_we_translate(word: str, said_by_the_library: str) -> None:
    assert word in said_by_the_library


def test_our_words_go_before_the_library_s() -> None:
    with override("zh-hans"):
        assert gettext("Two-Factor Authentication") == "双重验证"
