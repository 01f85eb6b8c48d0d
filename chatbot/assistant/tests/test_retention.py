from datetime import timedelta

import pytest
from django.utils import timezone

from chatbot.assistant import services
from chatbot.assistant.models import Run
from chatbot.assistant.retention import remove_old_runs
from chatbot.assistant.runtime_settings import AssistantSettings
from chatbot.assistant.tests.factories import ANSWER, ask, claimed, said_by_ai
from chatbot.conversations.services import OpenedSession
from chatplatform.configuration.testing import configured
from chatplatform.kernel import retention
from chatplatform.kernel.scoping import all_tenants


def runs(session: OpenedSession, *, days: int) -> list[Run]:
    """Three runs that were made so long ago; the last was never answered."""
    made = [ask(session.conversation, str(number)) for number in range(3)]
    for _ in made[:2]:
        services.finish_run(run=claimed(), answer=ANSWER)
    with all_tenants():
        Run.objects.update(created_at=timezone.now() - timedelta(days=days))
    return made


def left() -> set[int]:
    with all_tenants():
        return set(Run.objects.values_list("pk", flat=True))


def test_old_runs_go_their_answers_and_open_ones_stay(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    made = runs(ana, days=91)
    assert remove_old_runs() == 2
    assert left() == {made[2].pk}
    assert said_by_ai(ana.conversation) == [ANSWER.text] * 2


def test_what_is_younger_stays(ana: OpenedSession) -> None:
    runs(ana, days=89)
    assert remove_old_runs() == 0
    assert len(left()) == 3


def test_nought_days_keeps_them_for_ever(ana: OpenedSession) -> None:
    runs(ana, days=9_999)
    with configured(AssistantSettings, runs_kept_days=0):
        assert remove_old_runs() == 0
