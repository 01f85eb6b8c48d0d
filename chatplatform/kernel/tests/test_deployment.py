import json
import re
import secrets
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes import environment, started

NGINX = (settings.BASE_DIR / "deploy/nginx.conf").read_text("utf-8")


@pytest.mark.parametrize(
    "variable",
    ["$request ", '$request"', "$request_uri", "$args", "$query_string", "$http_referer"],
)
def test_nginx_logs_no_query(variable: str) -> None:
    (written,) = re.findall(r"log_format .*?;", NGINX, re.DOTALL)
    assert "$uri" in written
    assert variable not in written
    assert re.findall(r"access_log .*", NGINX) == ["access_log /dev/stdout without_query;"]


def test_nginx_shows_numbers_to_nobody() -> None:
    assert NGINX.count("location = /metrics { deny all; }") == NGINX.count("location / {") == 2


def test_nginx_speaks_no_old_tls() -> None:
    assert re.findall(r"ssl_protocols +(.*);", NGINX) == ["TLSv1.2 TLSv1.3"]
    assert "return 301 https://$host$request_uri;" in NGINX


PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
said = {name: getattr(settings, name) for name in dir(settings) if "_COOKIE_" in name}
print(json.dumps({**said, "SILENCED": settings.SILENCED_SYSTEM_CHECKS}))
"""


def test_a_production_passes_djangos_checks_with_cookies_of_this_host_alone(tmp_path: Path) -> None:
    production = environment(
        tmp_path,
        DEBUG="off",
        SECRET_KEY=secrets.token_urlsafe(50),
        DJANGO_SETTINGS_MODULE="chatplatform.settings",
    )
    command = [sys.executable, "-W", "ignore", "-c", PRODUCTION]
    with started(command, env=production, output=tmp_path / "said") as process:
        assert process.wait(60) == 0, process.said
        told = json.loads(process.said.splitlines()[-1])
    for kind in ("SESSION", "CSRF"):
        assert told[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert told[f"{kind}_COOKIE_SECURE"]
        assert (told[f"{kind}_COOKIE_PATH"], told[f"{kind}_COOKIE_DOMAIN"]) == ("/", None)
        assert told[f"{kind}_COOKIE_SAMESITE"] == "Lax"
    assert told["SESSION_COOKIE_HTTPONLY"]
    # each with its reason in the settings: no subdomains, no lists, the proxy redirects
    assert set(told["SILENCED"]) == {"security.W005", "security.W021", "security.W008"}
