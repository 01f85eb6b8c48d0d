import re

import pytest
from django.conf import settings

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
    assert NGINX.count("location = /metrics { deny all; }") == NGINX.count("proxy_pass ")
