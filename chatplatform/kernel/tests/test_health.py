import dataclasses
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatplatform.kernel import health
from realtime import status

DOORS = [
    pytest.param(door, marks=pytest.mark.urls(door))
    for door in ("chatplatform.urls.chatbot", "chatplatform.urls.workbench")
]
WELL = status.Status(layer="redis", layer_since=1.0, lag=0, connections=3, database_ok=True)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what the wire says about itself."""

    def says(**changes: Any) -> None:
        snapshot = dataclasses.replace(WELL, **changes)
        monkeypatch.setattr(status, "snapshot", lambda: snapshot)

    says()
    return says


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.django_db
def test_healthz_touches_no_table_even_with_a_cookie(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, door: str
) -> None:
    client.cookies["sessionid"] = "x" * 32
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_how_the_hops_are(client: Client, wire: Any) -> None:
    body = client.get("/readyz").json()
    assert body["status"] == "ready"
    assert body["checks"]["database"]["state"] == "ok"
    assert body["checks"]["database"]["ms"] < 1000
    assert body["channel_layer"] == {"state": "redis", "since": 1.0}
    assert body["checks"]["event_log"] == {"lag": 0}


@pytest.mark.parametrize("trouble", [{"layer": "memory"}, {"lag": 5000}])
@pytest.mark.django_db
def test_a_slower_wire_is_degraded_and_still_serves(
    client: Client, wire: Any, trouble: dict[str, Any]
) -> None:
    wire(**trouble)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_503(
    client: Client, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("could not connect to db.internal, password wrong")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's transaction lives there
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")
    assert b"db.internal" not in response.content


@pytest.mark.django_db
def test_pending_migrations_are_503_until_they_ran_and_then_never_asked_for(
    client: Client,
    wire: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    recorder = MigrationRecorder(connection)
    newest = MigrationLoader(connection).graph.leaf_nodes("audit")[0]
    recorder.record_unapplied(*newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["state"] == "migrations_pending"
    recorder.record_applied(*newest)
    assert client.get("/readyz").status_code == 200
    with django_assert_num_queries(1):
        client.get("/readyz")


@pytest.mark.parametrize("door", DOORS)
def test_metrics_are_in_prometheus_form(client: Client, door: str) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert b"realtime_log_lag_events" in response.content
    assert b"django_http_requests_total" in response.content


def test_probes_only_take_reading_methods(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
