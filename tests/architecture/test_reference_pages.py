import pytest
from django.conf import settings

from chatplatform.management.reference import PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_reference_page_says_what_the_code_says(path: str) -> None:
    written = (settings.BASE_DIR / path).read_text(encoding="utf-8")
    assert written == PAGES[path](), "run: python manage.py write_reference"
