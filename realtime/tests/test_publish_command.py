import pytest
from django.core.management import CommandError, call_command

from realtime.models import Event


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("session:x", "note", "{}"), "is no channel"),
        (("sse:broadcast", "Not Snake", "{}"), "is no event type"),
        (("sse:broadcast", "note", "{"), "not JSON"),
        (("sse:broadcast", "note", "[1]"), "must be a JSON object"),
        (("sse:broadcast", "typing", '{"x": 1}'), "typing"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_published(
    words: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("publish", *words)
    assert not Event.objects.exists()
