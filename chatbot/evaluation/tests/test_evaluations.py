import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chatbot.evaluation import services, worker
from chatbot.evaluation.files import SHIPPED, NotASet, read
from chatbot.evaluation.models import EvaluationRun
from chatbot.evaluation.retention import remove_old_evaluations
from chatbot.evaluation.services import queue_evaluation
from chatbot.evaluation.tests.factories import case, question_set
from chatbot.evaluation.worker import evaluate_pending
from chatbot.knowledge.models import Article
from chatbot.knowledge.services import withdraw_article
from chatbot.knowledge.tests.factories import write
from chatplatform.tenants.models import Tenant


def said(*arguments: object) -> Any:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_queued_evaluation_is_asked_in_the_background(in_tenant: Tenant) -> None:
    article = write(in_tenant, "How do I return an item?")
    among = question_set(in_tenant)
    case(among, "how do I return an item", article)
    case(among, "what is the speed of light")
    queue_evaluation(question_set=among)
    evaluate_pending()
    run = EvaluationRun.objects.get()
    assert (run.status, run.error) == ("done", "")
    assert run.figures[""]["hit@1"] == run.figures[""]["refused_share"] == 1
    assert [row["right"] for row in run.results] == [True, True]


def test_a_killed_processs_evaluation_is_taken_over(in_tenant: Tenant) -> None:
    queue_evaluation(question_set=question_set(in_tenant))
    assert services.claim_evaluation()
    evaluate_pending()
    assert EvaluationRun.objects.get().status == "running"
    EvaluationRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    evaluate_pending()
    assert EvaluationRun.objects.get().status == "done"


def test_a_sets_last_result_stays_however_old(in_tenant: Tenant) -> None:
    among, lone = question_set(in_tenant), question_set(in_tenant, "Rare")
    runs = [queue_evaluation(question_set=each) for each in (among, among, lone, lone, among)]
    EvaluationRun.objects.update(status="running")
    EvaluationRun.objects.filter(pk=runs[3].pk).update(fingerprint="a trial's")
    for run in runs[:4]:
        services.keep(run=run, results=[], model="")
    services.fail_evaluation(run=runs[4], error="no index")
    EvaluationRun.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert remove_old_evaluations() == 3
    assert set(EvaluationRun.objects.values_list("pk", flat=True)) == {runs[1].pk, runs[2].pk}


@pytest.mark.parametrize("comes_to_grief", [False, True])
def test_what_is_deleted_while_it_is_asked_does_not_come_back(
    in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch, comes_to_grief: bool
) -> None:
    among = question_set(in_tenant)
    first, second = queue_evaluation(question_set=among), queue_evaluation(question_set=among)

    def deleted(run: EvaluationRun) -> None:
        if run.pk == first.pk:
            EvaluationRun.objects.filter(pk=run.pk).delete()
            if comes_to_grief:
                raise LookupError("no set")
        services.keep(run=run, results=[], model="")

    monkeypatch.setattr(worker, "_search", deleted)
    evaluate_pending()
    assert list(EvaluationRun.objects.values_list("pk", "status")) == [(second.pk, "done")]


def test_what_cannot_be_asked_says_why(in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise LookupError("no index")

    monkeypatch.setattr(worker, "_search", broken)
    queue_evaluation(question_set=question_set(in_tenant))
    evaluate_pending()
    run = EvaluationRun.objects.get()
    assert (run.status, run.error) == ("failed", "LookupError: no index")


def test_the_command_asks_a_tenants_sets(in_tenant: Tenant) -> None:
    article = write(in_tenant, "How do I return an item?")
    case(question_set(in_tenant), "return an item", article)
    rows = said("--tenant", in_tenant.slug, "--retriever", "keyword", "--retriever", "bm25")
    assert [(row["retriever"], row["hit@1"]) for row in rows] == [("bm25", 1), ("keyword", 1)] or [
        row["hit@1"] for row in rows
    ] == [1, 1]


def test_the_command_asks_a_file_and_touches_no_tenant(db: None) -> None:
    path = SHIPPED / "shop_faq.json"
    rows = said("--file", path, "--retriever", "keyword", "--retriever", "bm25")
    found = {(row["group"], row["retriever"]): row for row in rows}
    for language in ("en", "zh-hans"):
        assert found[language, "keyword"]["hit@1"] >= found[language, "bm25"]["hit@1"]
    assert not Article.objects.model._base_manager.exists()


def test_the_table_names_every_way(db: None) -> None:
    out = StringIO()
    path = SHIPPED / "shop_faq.json"
    call_command("evaluate", "--file", str(path), "--retriever", "keyword", stdout=out)
    assert out.getvalue().splitlines()[0].split() == [
        "set",
        "questions",
        "way",
        "hit@1",
        "hit@3",
        "answered",
        "right",
        "refused",
    ]


def test_who_is_not_there_is_said(in_tenant: Tenant) -> None:
    for arguments, told in (
        (("--tenant", "nobody"), f"no tenant 'nobody'. There are: {in_tenant.slug}"),
        (("--tenant", in_tenant.slug), "no question set. There are: none"),
        (("--tenant", in_tenant.slug, "--set", "Odd"), "no question set 'Odd'"),
        (("--file", SHIPPED / "none.json"), "No such file"),
        (("--file", SHIPPED / "shop_faq.json", "--part", "odd"), "no part 'odd'; there are: "),
        (("--tenant", in_tenant.slug, "--against", SHIPPED / "none.json"), "No such file"),
    ):
        with pytest.raises(CommandError, match=told) as refused:
            call_command("evaluate", *map(str, arguments))
        assert refused.value.returncode == 2


def test_what_drops_ends_the_command_with_1(in_tenant: Tenant, tmp_path: Path) -> None:
    article = write(in_tenant, "How do I return an item?")
    among, before = question_set(in_tenant), tmp_path / "before.json"
    case(among, "return an item", article)
    asked = ("--tenant", in_tenant.slug, "--retriever", "keyword")
    before.write_text(json.dumps(said(*asked)))
    assert said(*asked, "--against", before)
    withdraw_article(article=article)
    with pytest.raises(CommandError, match=r"hit@1 1.0 -> 0.0") as dropped:
        said(*asked, "--against", before)
    assert dropped.value.returncode == 1


def test_a_way_without_vectors_is_not_left_out_silently(in_tenant: Tenant) -> None:
    case(question_set(in_tenant), "return an item")
    with pytest.raises(CommandError, match="no vectors"):
        said("--tenant", in_tenant.slug, "--retriever", "hybrid")


def test_a_terminal_sees_how_far_it_is(in_tenant: Tenant) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    case(question_set(in_tenant), "return an item")
    seen = Terminal()
    call_command("evaluate", "--tenant", in_tenant.slug, stdout=StringIO(), stderr=seen)
    assert "Everyday, keyword: 1" in seen.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[]",
        "{}",
        '{"articles": [], "questions": [{"text": "a"}]}',
        '{"articles": [], "questions": [{"text": "a", "article": "x"}]}',
        '{"articles": [{"id": 1}], "questions": []}',
    ],
)
def test_a_file_that_holds_something_else_says_what(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(content)
    with pytest.raises(NotASet):
        read(path)


def test_every_shipped_set_can_be_read_and_says_its_licence() -> None:
    for path in SHIPPED.glob("*.json"):
        found = read(path)
        assert found.questions
        assert json.loads(path.read_text())["license"]
        assert path.stat().st_size < 200_000
