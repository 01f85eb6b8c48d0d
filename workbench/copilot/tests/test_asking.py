"""Who may ask the copilot for what, and how often."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chatplatform.accounts.models import User
from chatplatform.configuration.testing import configured
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.models import Tenant
from tests.processes import wait_until
from workbench.copilot import worker, writing
from workbench.copilot.errors import CopilotBusy
from workbench.copilot.runtime_settings import CopilotSettings
from workbench.copilot.tasks import Job, Task
from workbench.copilot.tests.conftest import Ear
from workbench.copilot.worker import AT_ONCE, EACH, Worker
from workbench.copilot.writing import Material
from workbench.desk.tests.conftest import Opener, Signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Jobs that would have begun."""
    jobs: list[Job] = []
    monkeypatch.setattr(worker.worker, "start", jobs.append)
    return jobs


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.copilot.model.refusal", lambda tenant: None)


def ask(desk: Signed, session: str, **body: Any) -> Any:
    return desk.call(f"/sessions/{session}/copilot", {"task": "suggest", **body})


@pytest.mark.parametrize("task", ["suggest", "improve"])
def test_a_reply_is_only_for_whoever_can_send_one(
    bea: User, at_bens: Signed, served: Opener, waiting: Opener, connected: None, task: str
) -> None:
    for conversation in (served(bea), waiting()):
        answer = ask(at_bens, conversation.name, task=task, text="helo")
        assert (answer.status_code, answer.json()["code"]) == (409, "state_conflict")


@pytest.mark.parametrize("task", ["summarise", "translate"])
def test_whoever_may_read_along_can_have_it_summed_up_and_translated(
    bea: User, at_bens: Signed, waiting: Opener, connected: None, started: list[Job], task: str
) -> None:
    assert ask(at_bens, waiting().name, task=task).status_code == 202
    assert [(job.task, job.agent) for job in started] == [(task, at_bens.user.pk)]


def test_a_neighbours_session_is_unknown(
    ben: User, at_sams: Signed, served: Opener, started: list[Job]
) -> None:
    session = served(ben).name
    assert ask(at_sams, session).status_code == 404
    assert at_sams.delete(f"/api/v1/sessions/{session}/copilot/x").status_code == 404
    assert started == []


def test_who_may_not_serve_gets_nothing(
    ben: User, at_bens: Signed, served: Opener, started: list[Job]
) -> None:
    session = served(ben).name
    ben.groups.clear()
    assert ask(at_bens, session).status_code == 403
    assert at_bens.get("/api/v1/copilot").status_code == 403
    assert started == []


@pytest.mark.parametrize(
    "body",
    [
        {"task": "sing"},
        {"task": "translate", "language": "xx"},
        {"task": "translate", "text": "x" * 10_001},
        {"task": "improve", "text": "  "},
        {"task": "suggest", "more": 1},
    ],
)
def test_what_makes_no_sense_is_refused(
    at_bens: Signed, served: Opener, connected: None, started: list[Job], body: dict[str, Any]
) -> None:
    answer = ask(at_bens, served(at_bens.user).name, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert started == []


@pytest.mark.parametrize(
    ("says", "body", "language"),
    [
        ("快递多久能到？", {"text": "Two days."}, "zh-hans"),  # a draft: for the customer
        ("Hello?", {"text": "两天。"}, "en"),
        ("快递多久能到？", {}, "en"),  # the conversation: for the agent
        ("快递多久能到？", {"text": "Two days.", "language": "fr"}, "fr"),
    ],
)
def test_a_translation_goes_to_whoever_is_to_read_it(
    at_bens: Signed,
    served: Opener,
    connected: None,
    started: list[Job],
    says: str,
    body: dict[str, str],
    language: str,
) -> None:
    ask(at_bens, served(at_bens.user, text=says).name, task="translate", **body)
    assert [job.language for job in started] == [language]


def test_a_tenant_can_do_without(
    in_tenant: Tenant, at_bens: Signed, served: Opener, started: list[Job]
) -> None:
    session = served(at_bens.user).name
    with configured(CopilotSettings, in_tenant, enabled=False):
        answer = ask(at_bens, session)
        assert (answer.status_code, answer.json()["code"]) == (503, "copilot_off")
        listed = at_bens.get("/api/v1/copilot").json()["tasks"]
        assert not any(each["available"] for each in listed)
        assert 'data-copilot="' not in at_bens.get(f"/c/{session}/").content.decode()


def test_an_agent_who_asks_on_and_on_is_told_to_wait(
    at_bens: Signed, served: Opener, started: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "_per_minute", {**throttling.PER_MINUTE, Rule.DRAFTS: 1}.get)
    throttling.limiter.clear()
    session = served(at_bens.user).name
    answers = [ask(at_bens, session) for _ in range(4)]
    throttling.limiter.clear()
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Nothing gets beyond reading until this is set."""
    go_on = threading.Event()

    def gather(job: Job) -> Material:
        go_on.wait(20)
        return Material(None)

    monkeypatch.setattr(writing, "gather", gather)
    yield go_on
    go_on.set()


def job(id: str, agent: int, served: Any) -> Job:
    return Job(id, Task.SUGGEST, agent, served, "", "en", "en")


def test_only_so_many_are_written_at_once(
    ben: User, served: Opener, stuck: threading.Event, ear: Ear
) -> None:
    conversation, desk = served(ben), Worker()
    for number in range(AT_ONCE):
        desk.start(job(f"{number}", number // EACH, conversation))
    for agent in (0, 99):  # one who has her share, and one for whom nothing is left
        with pytest.raises(CopilotBusy) as refused:
            desk.start(job("more", agent, conversation))
        assert refused.value.extra["retry_after"] > 0
    stuck.set()
    assert ear.answer("0")["error"]["code"] == "nothing_known"
    wait_until(lambda: len(ear.of("copilot_answer")) == AT_ONCE, what="the jobs to end")


def test_she_stops_her_own_and_nobody_elses(
    ben: User, served: Opener, stuck: threading.Event, ear: Ear
) -> None:
    conversation, desk = served(ben), Worker()
    desk.start(job("one", 1, conversation))
    assert not desk.stop("one", agent=2)
    assert not desk.stop("other", agent=1)
    assert desk.stop("one", agent=1)
    desk.start(job("two", 1, conversation))
    stuck.set()
    ear.answer("two")
    assert "one" not in {payload["request"] for payload in ear.of("copilot_answer")}


def test_reading_that_hangs_is_given_up(
    ben: User,
    served: Opener,
    stuck: threading.Event,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "longest_writing", lambda: 0.0)
    monkeypatch.setattr(worker, "BEFORE_AND_AFTER", 0.05)
    Worker().start(job("slow", 1, served(ben)))
    assert ear.answer("slow")["error"]["code"] == "copilot_too_slow"
