"""The one guarded way to fetch from outside: no address a customer or an editor names reaches in.

A name is resolved once, all its addresses are checked, and one of those is connected to: nothing
can change in between. Host and SNI stay the name's. Every hop of a redirect comes by here anew.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatplatform.kernel.errors import ApplicationError
from chatplatform.protection.destinations import Address, may_connect

MEGABYTE = 1024 * 1024
_MOST_CONNECTIONS = 100  # of one client
_SCHEMES = ("http", "https")
# Of our own: a name server that never answers must not hold up whoever ends his event loop.
_names = ThreadPoolExecutor(max_workers=8, thread_name_prefix="names")


class Refused(ApplicationError):
    """We don't go there; `detail` says why."""

    code = "outbound_refused"
    title = gettext_lazy("This address may not be fetched.")
    hint = gettext_lazy("An operator allows addresses with OUTBOUND_ALLOWED.")


class Unreachable(ApplicationError):
    """It is away, too slow, or speaks no HTTP; `detail` says which. Unless `reached` is False, it
    may have had the request all the same."""

    code = "outbound_unreachable"
    status = 502
    title = gettext_lazy("The other server does not answer.")
    hint = gettext_lazy("Check the address, or try again later.")

    def __init__(self, detail: str | None = None, *, reached: bool = True) -> None:
        super().__init__(detail)
        self.reached = reached


@dataclass(frozen=True)
class Response:
    """`content_type` is without parameters, `charset` from them; `final_url` after redirects."""

    status: int
    content_type: str
    body: bytes
    final_url: str
    charset: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        try:
            return self.body.decode(self.charset, "replace")
        except LookupError:  # a charset that nobody knows
            return self.body.decode("utf-8", "replace")


def fetch(url: str, **options: Any) -> Response:
    """`afetch` for threads without an event loop."""
    return asyncio.run(afetch(url, **options))


async def afetch(
    url: str,
    *,
    max_bytes: int = 5 * MEGABYTE,
    timeout: float = 10.0,  # noqa: ASYNC109 - the whole exchange, redirects and body included
    method: str = "GET",
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    max_redirects: int = 5,
) -> Response:
    """Fetch it within `timeout` seconds: Refused, or Unreachable, each with a sentence.

    `headers` go to the first origin only. A redirect beyond `max_redirects` is the answer itself.
    """
    try:
        async with (
            asyncio.timeout(timeout),
            client(max_bytes=max_bytes, timeout=timeout) as session,
        ):
            request = session.build_request(method, url, params=params, headers=headers, json=json)
            response = await _follow(
                session, request, frozenset(name.lower() for name in headers or ()), max_redirects
            )
            return _answer(response, await response.aread())
    except (TimeoutError, httpx2.TimeoutException):
        raise Unreachable(
            _("It did not answer within %(limit)g seconds.") % {"limit": timeout}
        ) from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError):
        raise Refused(_("This is no http:// or https:// address.")) from None
    except httpx2.HTTPError as error:
        why = _("It can't be reached: %(why)s") % {"why": str(error) or type(error).__name__}
        raise Unreachable(why, reached=not isinstance(error, httpx2.ConnectError)) from None


def client(
    *,
    max_bytes: int | None = None,
    timeout: float | httpx2.Timeout | None = 10.0,
    also_allowed: Collection[str] = (),
    **options: Any,
) -> httpx2.AsyncClient:
    """An httpx2 client that connects as `afetch` does, for SDKs; `options` as of AsyncClient."""
    transport = GuardedTransport(max_bytes=max_bytes, also_allowed=also_allowed)
    return httpx2.AsyncClient(transport=transport, timeout=timeout, trust_env=False, **options)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """Connects where it may only; no answer exceeds `max_bytes`. Raises Refused.

    `also_allowed` are hosts and networks that the operator named elsewhere than OUTBOUND_ALLOWED.
    """

    def __init__(self, *, max_bytes: int | None = None, also_allowed: Collection[str] = ()) -> None:
        self._max_bytes = max_bytes
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=5.0,
            network_backend=_CheckedNetwork(also_allowed),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme not in _SCHEMES:
            raise Refused(_("This is no http:// or https:// address."))
        if self._max_bytes is None:
            return await super().handle_async_request(request)
        request.headers["Accept-Encoding"] = (
            "identity"  # packed, a small answer unpacks to any size
        )
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise Refused(_("It sends packed content though it was asked not to."))
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - for the type checker
        response.stream = _Counted(response.stream, self._max_bytes)
        return response


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        async for part in self._stream:
            left -= len(part)
            if left < 0:
                raise Refused(_("It sends more than %(limit)d bytes.") % {"limit": self._limit})
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class _CheckedNetwork(httpcore2.AnyIOBackend):
    def __init__(self, also_allowed: Collection[str]) -> None:
        self._also_allowed = tuple(also_allowed)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        *others, last = await self._checked(host, port, timeout)
        for address in others:
            try:
                return await super().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore2.ConnectError:
                continue
        return await super().connect_tcp(last, port, timeout, local_address, socket_options)

    async def _checked(self, host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
        addresses = await _resolve(host, port, timeout)
        if not may_connect(host, addresses, (*settings.OUTBOUND_ALLOWED, *self._also_allowed)):
            raise Refused(
                _("%(host)s is not on the open internet; such addresses are not fetched.")
                % {"host": host}
            )
        return [str(address) for address in addresses]


async def _resolve(host: str, port: int, timeout: float | None) -> list[Address]:  # noqa: ASYNC109
    """Every address of the name, at least one; the resolver reads decimal and octal ones, too."""
    loop = asyncio.get_running_loop()
    asked = loop.run_in_executor(_names, _addresses, host, port)
    try:
        return await asyncio.wait_for(asked, timeout)
    except TimeoutError:
        raise httpcore2.ConnectTimeout(f"no name server answers for {host}") from None
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host}: {error}") from error


def _addresses(host: str, port: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(address) for address in dict.fromkeys(str(each[4][0]) for each in found)]


async def _follow(
    session: httpx2.AsyncClient,
    request: httpx2.Request,
    ours: frozenset[str],
    hops: int,
) -> httpx2.Response:
    origin = _origin(request.url)
    response = await session.send(request, stream=True)
    while response.next_request is not None and hops:
        await response.aclose()
        request, hops = response.next_request, hops - 1
        if _origin(request.url) != origin:
            for name in ours & set(request.headers):
                del request.headers[name]
        response = await session.send(request, stream=True)
    return response


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _answer(response: httpx2.Response, body: bytes) -> Response:
    return Response(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        body=body,
        final_url=str(response.url),
        charset=response.charset_encoding or "utf-8",
        headers=dict(response.headers),
    )


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Read once: the list of authorities takes tens of milliseconds."""
    return httpx2.create_ssl_context(trust_env=False)
