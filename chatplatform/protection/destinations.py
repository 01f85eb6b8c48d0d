"""Where we may connect to: the open internet, and what the operator allows (OUTBOUND_ALLOWED)."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Within the open ranges, yet it answers machines of one cloud with their secrets.
_METADATA = frozenset({ip_address("168.63.129.16")})
_NAT64 = IPv6Network("64:ff9b::/96")


def is_open(address: Address) -> bool:
    """Whether anybody on the internet could connect there; of a wrapped IPv4 address, that one."""
    address = _unwrapped(address)
    closed = address.is_multicast or address.is_reserved or address in _METADATA
    if isinstance(address, IPv6Address):
        closed = closed or address.is_site_local
    return address.is_global and not closed


def may_connect(host: str, addresses: Iterable[Address], allowed: Collection[str]) -> bool:
    """Whether all that `host` stands for may be connected to; `allowed` are hosts and networks."""
    hosts, networks = _sorted(tuple(allowed))
    if host.lower().rstrip(".") in hosts:
        return True
    return all(is_open(each) or _in_any(each, networks) for each in addresses)


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _in_any(address: Address, networks: Iterable[Network]) -> bool:
    address = _unwrapped(address)
    return any(address in network for network in networks)


@lru_cache(maxsize=16)
def _sorted(allowed: tuple[str, ...]) -> tuple[frozenset[str], tuple[Network, ...]]:
    hosts, networks = set(), []
    for entry in allowed:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            hosts.add(entry.lower())
    return frozenset(hosts), tuple(networks)
