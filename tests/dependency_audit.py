"""Asks PyPI whether a pinned dependency of the product has a known vulnerability.

python -m tests.dependency_audit

Exit 1 if one has. What could not be asked (no network, another index) is told and fails nothing.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import ROOT

PATIENCE = 20  # s for all; a whole audit takes about 5
LISTS = ("requirements.txt", "constraints.txt")


@dataclass(frozen=True)
class Findings:
    """`vulnerable`: one line each. `unasked`: names of what the answer says nothing about."""

    asked: int = 0
    vulnerable: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def findings(report: str) -> Findings:
    """What pip-audit's JSON says. Raises ValueError if it is none."""
    dependencies: list[dict[str, Any]] = json.loads(report)["dependencies"]
    asked = [each for each in dependencies if "skip_reason" not in each]
    vulnerable = [
        f"{each['name']} {each['version']}: {vuln['id']}, mended in {_versions(vuln)}"
        for each in asked
        for vuln in each["vulns"]
    ]
    unasked = [each["name"] for each in dependencies if "skip_reason" in each]
    return Findings(len(asked), sorted(set(vulnerable)), sorted(set(unasked)))


def verdict(found: Findings) -> tuple[int, str]:
    """The exit status, and what to say."""
    if found.vulnerable:
        return 1, "\n".join(["Known vulnerabilities:", *found.vulnerable])
    if not found.asked:
        return 0, "Dependencies not checked: the package index here knows no vulnerabilities."
    missing = f"; not checked: {', '.join(found.unasked)}" if found.unasked else ""
    return 0, f"No known vulnerability in {found.asked} dependencies{missing}."


def audit(lists: tuple[str, ...] = LISTS) -> tuple[int, str]:
    """Run pip-audit over the lists; the exit status, and what to say."""
    command = [str(Path(sys.executable).parent / "pip-audit"), "--format", "json"]
    command += ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "5"]
    for name in lists:
        command += ["--requirement", str(ROOT / name)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return verdict(findings(done.stdout))
    except subprocess.TimeoutExpired:
        return 0, f"Dependencies not checked: no answer within {PATIENCE} s."
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return 0, f"Dependencies not checked: {reason[:200]}"


def _versions(vuln: dict[str, Any]) -> str:
    return ", ".join(vuln["fix_versions"]) or "no version yet"


if __name__ == "__main__":
    status, said = audit()
    sys.stdout.write(said + "\n")
    sys.exit(status)
