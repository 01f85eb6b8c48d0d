"""No 500, no status that is not documented, no answer that its schema does not allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import FailureGroup, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.people import Agent, Customer
from tests.servers import Platform, platform

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
BOUNDED = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
ENDLESS = r"/events$"  # streams are tried in realtime/tests and tests/isolation


@dataclass(frozen=True)
class Caller:
    """Who calls, and the conversation that is hers: half of the calls are about it."""

    token: str
    session: str


@pytest.fixture(scope="module")
def running(seeded: Path) -> Iterator[Platform]:
    with platform(seeded) as started:
        yield started


@pytest.fixture(scope="module")
def customer(running: Platform) -> Caller:
    ana = Customer(running)
    return Caller(ana.token, ana.session)


@pytest.fixture(scope="module")
def supervisor(running: Platform) -> Caller:
    cleo, ana = Agent(running, "supervisor"), Customer(running)
    ana.asks_for_a_person()
    cleo.accepts(ana.session).raise_for_status()
    return Caller(cleo.token, ana.session)


def test_the_customers_api_keeps_its_word(running: Platform, customer: Caller) -> None:
    broken = broken_promises(running.url("chatbot"), customer)
    assert not broken, "\n\n".join(broken)


def test_the_agents_api_keeps_its_word(running: Platform, supervisor: Caller) -> None:
    broken = broken_promises(running.url("workbench"), supervisor)
    assert not broken, "\n\n".join(broken)


def broken_promises(url: str, caller: Caller) -> list[str]:
    """What went wrong, operation by operation."""
    schema = schemathesis.openapi.from_url(f"{url}/api/schema/?format=json")
    faults = []
    for found in schema.exclude(path_regex=ENDLESS).get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def keeps_its_word(case: Any) -> None:
            tried(case, caller)

        try:
            keeps_its_word()
        except (AssertionError, FailureGroup) as fault:
            faults.append(f"{operation.label}: {fault}")
    return faults


def tried(case: Any, caller: Caller) -> None:
    """Every second call is about the caller's own conversation."""
    if "name" in case.path_parameters and len(case.path_parameters["name"]) % 2:
        case.path_parameters["name"] = caller.session
    answer = case.call(headers={"Authorization": f"Bearer {caller.token}"}, timeout=20)
    case.validate_response(answer, checks=CHECKS)
