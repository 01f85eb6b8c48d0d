"""Where a tenant's chat may be shown: origins as browsers send them."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import InvalidInput

_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidOrigin(InvalidInput):
    code = "invalid_origin"
    title = _("An origin is written like https://shop.example or http://localhost:3000.")


def normalised(origin: str) -> str:
    """`scheme://host[:port]` as a browser's Origin header has it; InvalidOrigin for all else.

    Lower case, other alphabets in Punycode, without the scheme's own port.
    """
    try:
        parts = urlsplit(origin.strip())
        host, port = _host(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError):
        raise InvalidOrigin from None
    beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or not host or beyond or port == 0:
        raise InvalidOrigin
    ending = f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{host}{ending}"


def _host(name: str) -> str:
    if ":" in name:  # an IPv6 address
        return f"[{ip_address(name)}]"
    host = name.rstrip(".").encode("idna").decode("ascii")
    if not all(character.isalnum() or character in "-." for character in host):
        raise ValueError("not a host name")
    return host
