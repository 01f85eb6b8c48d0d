import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client

from chatbot.moderation.personal_data import mask
from chatplatform.kernel.logging import configure, logging_settings
from chatplatform.kernel.tests.urls import SECRET

pytestmark = pytest.mark.urls("chatplatform.kernel.tests.urls")

logger = structlog.get_logger("test")


class Lines(io.StringIO):
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


def _written_to(stream: io.StringIO, *, as_json: bool) -> None:
    config = logging_settings(level="INFO", as_json=as_json, mask=mask)
    config["handlers"]["stderr"]["stream"] = stream
    configure(config)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log says, as JSON."""
    before = logging.root.handlers[:]
    stream = Lines()
    _written_to(stream, as_json=True)
    yield stream
    configure(settings.LOGGING)
    for handler in before:  # pytest's own
        logging.root.addHandler(handler)


def test_a_request_is_one_line_with_its_id(client: Client, lines: Lines) -> None:
    response = client.get("/api/v1/window?after=3")
    (line,) = lines.all()
    assert line["request"] == "GET /api/v1/window?after=3"
    assert line["code"] == 200
    assert line["request_id"] == response.headers["X-Request-ID"]


def test_a_refused_request_is_one_line_too(client: Client, lines: Lines) -> None:
    client.get("/api/v1/nothing")
    (line,) = lines.all()
    assert (line["code"], line["level"]) == (404, "info")


def test_a_bug_is_one_line_with_its_traceback(lines: Lines) -> None:
    response = Client(raise_request_exception=False).get("/api/v1/failing/bug")
    (line,) = lines.all()
    assert line["level"] == "error"
    assert line["request_id"] == response.json()["request_id"]
    assert "RuntimeError" in line["exception"]
    assert "failing" in line["exception"]


def test_probes_are_not_worth_a_line(client: Client, lines: Lines) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatplatform.kernel.health.PROBED", {"/api/v1/window"})
        client.get("/api/v1/window")
    assert lines.all() == []


def test_what_happens_during_a_request_carries_its_id(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logger.info("from_us")
        logging.getLogger("some.package").warning("from %s", "outside")
    assert [line["request_id"] for line in lines.all()] == ["abc", "abc"]
    assert lines.all()[1]["event"] == "from outside"


def test_a_sane_id_of_the_proxy_is_kept_and_an_odd_one_replaced(client: Client) -> None:
    def answered(sent: str) -> str:
        headers = {"x-request-id": sent}
        return client.get("/api/v1/window", headers=headers).headers["X-Request-ID"]

    assert answered("0f8c-proxy.id_1") == "0f8c-proxy.id_1"
    for odd in ("", "short", "x" * 65, "a b c d e f", "密" * 10, "evil\\nline-of-log"):
        assert answered(odd) != odd
        assert len(answered(odd)) >= 8


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
def test_no_secret_is_ever_written(as_json: bool, lines: Lines, client: Client) -> None:
    _written_to(lines, as_json=as_json)
    client.get(f"/api/v1/window?token={SECRET}&after=1")
    client.get(f"/api/v1/window?after=1&access_token={SECRET}")
    logger.info("login", password=SECRET, refresh_token=SECRET, Authorization=SECRET)
    logger.info("call", url=f"wss://desk/ws?token={SECRET}#x", header=f"Bearer {SECRET}")
    logging.getLogger("lib").warning("GET %s HTTP/1.1", f"/events?last=1-2&token={SECRET}")
    try:
        raise ValueError(f"bad address http://host/?token={SECRET}")
    except ValueError:
        logger.exception("failed")
    written = lines.getvalue()
    assert SECRET not in written
    assert written.count("[hidden]") >= 8
    assert "after=1" in written


def test_secrets_inside_of_values_are_hidden_too(lines: Lines) -> None:
    logger.info(
        "call", headers={"Cookie": SECRET, "X-Own": [f"Bearer {SECRET}"]}, body=[SECRET[:3]]
    )
    (line,) = lines.all()
    assert SECRET not in str(line)
    assert line["headers"] == {"Cookie": "[hidden]", "X-Own": ["Bearer [hidden]"]}


def test_personal_data_is_hidden_however_deep_and_other_long_numbers_are_not(lines: Lines) -> None:
    told = "card 4111 1111 1111 1111, order 4111111111111112, call 13812345678"
    logger.info("said", text=told, position="17-4242", tried=[{"to": "13812345678"}])
    logging.getLogger("lib").warning("no answer from %s", "+86 138 1234 5678")
    line, foreign = lines.all()
    assert line["text"] == "card ************1111, order 4111111111111112, call 138****5678"
    assert (line["position"], line["tried"]) == ("17-4242", [{"to": "138****5678"}])
    assert foreign["event"] == "no answer from +86 138****5678"


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2J"])
def test_nobody_writes_a_line_of_our_log(as_json: bool, ending: str, lines: Lines) -> None:
    _written_to(lines, as_json=as_json)
    forged = f"Ana{ending}2026-01-01 [info] signed_in user=admin"
    logger.info("opened", name=forged, agent=forged)
    logging.getLogger("lib").warning("hello %s", forged)
    assert len(lines.getvalue().splitlines()) == 2
    assert "\x1b[2J" not in lines.getvalue()


@pytest.mark.parametrize("name", ["user-agent", "x-request-id", "referer", "x-forwarded-for"])
def test_a_header_forges_neither_a_line_nor_a_header(
    client: Client, lines: Lines, name: str
) -> None:
    response = client.get("/api/v1/window", headers={name: "x\r\nSet-Cookie: a=b\nforged"})
    assert "Set-Cookie" not in response.headers
    assert "forged" not in response.headers["X-Request-ID"]
    assert len(lines.getvalue().splitlines()) == 1
