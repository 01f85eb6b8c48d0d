import asyncio
import gzip
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from chatplatform.protection import outbound
from chatplatform.protection.outbound import Refused, Unreachable, afetch, fetch
from tests.web import Reply, Web, web_server

OPEN = "93.184.215.14"


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as served:
        served.reply("/", Reply("hello"))
        yield served


@pytest.fixture
def allowed(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names that mean these addresses, another list at each asking; the last stays."""
    book: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host not in book:
            return list(real(host, port, *args, **kwargs))
        found = book[host].pop(0) if len(book[host]) > 1 else book[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return book


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",  # noqa: S104 - asked for, not bound to
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[ff0e::1]",
    ],
)
def test_nothing_inside_is_fetched(host: str) -> None:
    with pytest.raises(Refused):
        fetch(f"http://{host}:9/", timeout=5)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "example.com",
        "http://",
        "gopher://x/",
        "http://a b/",
    ],
)
def test_only_http_addresses_are_fetched(url: str) -> None:
    with pytest.raises((Refused, Unreachable)) as refused:
        fetch(url)
    assert str(refused.value.detail)


def test_what_the_operator_allows_is_fetched(web: Web, allowed: None) -> None:
    answer = fetch(f"{web.url}/")
    assert (answer.status, answer.content_type, answer.text) == (200, "text/plain", "hello")
    assert answer.final_url == f"{web.url}/"


def test_a_host_is_allowed_by_its_name_alone(web: Web, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED = ["localhost"]
    assert fetch(f"http://localhost:{web.port}/").text == "hello"
    with pytest.raises(Refused):
        fetch(f"{web.url}/")


def test_a_name_that_leads_inside_is_refused(web: Web, names: dict[str, list[list[str]]]) -> None:
    names["inside.example"] = [[OPEN, "127.0.0.1"]]
    with pytest.raises(Refused):
        fetch(f"http://inside.example:{web.port}/")
    assert web.asked == []


def test_a_name_is_resolved_once_so_a_second_answer_leads_nowhere(
    web: Web, allowed: None, names: dict[str, list[list[str]]]
) -> None:
    names["two-faced.example"] = [["127.0.0.1"], ["10.255.255.1"]]
    assert fetch(f"http://two-faced.example:{web.port}/").text == "hello"
    assert names["two-faced.example"] == [["10.255.255.1"]]
    assert web.asked[0].headers["host"] == f"two-faced.example:{web.port}"


def test_every_hop_is_checked(web: Web, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED = ["localhost"]
    web.reply("/away", Reply(status=302, headers={"Location": f"{web.url}/"}))
    with pytest.raises(Refused):
        fetch(f"http://localhost:{web.port}/away")
    assert [each.path for each in web.asked] == ["/away"]


def test_redirects_are_followed_so_many_times(web: Web, allowed: None) -> None:
    web.reply("/round", Reply(status=302, headers={"Location": "/round"}))
    assert fetch(f"{web.url}/round", max_redirects=3).status == 302
    assert len(web.asked) == 4


def test_our_headers_stay_at_the_origin_they_are_for(web: Web, allowed: None) -> None:
    with web_server() as other:
        other.reply("/", Reply("there"))
        web.reply("/away", Reply(status=307, headers={"Location": f"{other.url}/"}))
        fetch(f"{web.url}/away", headers={"X-Key": "secret", "Authorization": "Bearer secret"})
        assert web.asked[0].headers["x-key"] == "secret"
        assert not {"x-key", "authorization"} & set(other.asked[0].headers)


def test_an_answer_that_is_too_large_is_cut_off(web: Web, allowed: None) -> None:
    web.reply("/", Reply(b"x" * 50_001))
    with pytest.raises(Refused):
        fetch(f"{web.url}/", max_bytes=50_000)
    assert len(fetch(f"{web.url}/", max_bytes=50_001).body) == 50_001


def test_packed_content_is_refused(web: Web, allowed: None) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    web.reply("/", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(Refused):
        fetch(f"{web.url}/", max_bytes=5_000)
    assert web.asked[0].headers["accept-encoding"] == "identity"


def test_a_slow_server_is_given_up_in_time(web: Web, allowed: None) -> None:
    web.held.clear()
    with pytest.raises(Unreachable):
        fetch(f"{web.url}/", timeout=0.05)


def test_a_closed_port_is_told(allowed: None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/")


async def test_an_sdk_gets_a_client_that_is_guarded(web: Web) -> None:
    async with outbound.client() as refusing:
        with pytest.raises(Refused):
            await refusing.get(f"{web.url}/")
    async with outbound.client(also_allowed=["127.0.0.1"], max_bytes=4) as counting:
        with pytest.raises(Refused):
            await counting.get(f"{web.url}/")


async def test_many_are_fetched_at_once(web: Web, allowed: None) -> None:
    answers = await asyncio.gather(*(afetch(f"{web.url}/") for _ in range(8)))
    assert {each.text for each in answers} == {"hello"}
