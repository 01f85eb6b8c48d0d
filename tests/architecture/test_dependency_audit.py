import json
from typing import Any

import pytest

from tests.dependency_audit import Findings, findings, verdict

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
BROKEN = {
    "name": "left-pad",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}],
}
UNKNOWN = {"name": "ours", "skip_reason": "not found on PyPI"}


def said(*dependencies: dict[str, Any]) -> tuple[int, str]:
    return verdict(findings(json.dumps({"dependencies": dependencies, "fixes": []})))


def test_a_known_vulnerability_fails_and_says_what_mends_it() -> None:
    status, text = said(CLEAN, BROKEN, UNKNOWN)
    assert status == 1
    assert "left-pad 1.0: PYSEC-2026-1, mended in 1.1" in text


def test_without_one_it_says_what_it_could_not_ask_about() -> None:
    assert said(CLEAN, UNKNOWN) == (
        0,
        "No known vulnerability in 1 dependencies; not checked: ours.",
    )


def test_an_index_that_knows_nothing_fails_nothing_and_claims_nothing() -> None:
    status, text = said(UNKNOWN)
    assert status == 0
    assert text.startswith("Dependencies not checked")
    assert verdict(Findings()) == (status, text)


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        findings("ERROR: no network")
