"""Which addresses outside may be told of events: none by which somebody could have this server ask
machines that they can't reach themselves (server-side request forgery). Pure but for the look-up
of names."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

NAT64 = ip_network("64:ff9b::/96")
PRIVATE = (
    "{host} is an address of this machine or of a private network, to which nothing is sent."
    " IMR_WEBHOOKS_PRIVATE=true allows it."
)


class AddressRefused(ValueError):
    """The message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def parse_target(url: str, *, plain: bool) -> Target:
    """`plain` lets http:// pass.

    Raises:
        AddressRefused
    """
    schemes = ("https", "http") if plain else ("https",)
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise AddressRefused("This is not the address of a page.") from None
    if parts.scheme not in schemes:
        raise AddressRefused(f"The address begins with {' or '.join(f'{s}://' for s in schemes)}.")
    if not host or not url.isascii() or any(sign in url for sign in " \\\r\n\t"):
        raise AddressRefused("This is not the address of a page.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("The address has no user name, password or # part.")
    query = f"?{parts.query}" if parts.query else ""
    port = port or {"https": 443, "http": 80}[parts.scheme]
    return Target(parts.scheme, host, port, f"{parts.path or '/'}{query}")


def addresses_of(target: Target, *, private: bool) -> list[str]:
    """The IP addresses to connect to, which no later look-up of the name can change.

    Raises:
        AddressRefused
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(f"There is no address for {target.host}.") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not private and not all(is_public(one) for one in addresses):
        raise AddressRefused(PRIVATE.format(host=target.host))
    return addresses


def is_public(address: str) -> bool:
    ip = inner_address(ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast


def inner_address(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour:
            return ip.ipv4_mapped or ip.sixtofour or ip
        if ip in NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
