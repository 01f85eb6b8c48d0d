"""From where a key may be used: addresses and networks, IPv4 and IPv6."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


def normalised(network: str) -> str:
    """An address or a network as it is kept: `192.0.2.7/24` is `192.0.2.0/24`. ValueError."""
    return str(ip_network(network.strip(), strict=False))


def is_allowed(address: str, networks: Iterable[str]) -> bool:
    """Whether the address is in one of the networks; no networks: from everywhere."""
    allowed = [ip_network(network) for network in networks]
    if not allowed:
        return True
    try:
        caller = ip_address(address)
    except ValueError:  # unknown, or a socket's path
        return False
    mapped = getattr(caller, "ipv4_mapped", None)  # ::ffff:192.0.2.7 is 192.0.2.7
    return any((mapped or caller) in network for network in allowed)
