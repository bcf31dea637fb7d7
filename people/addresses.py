"""IP addresses, made as rough as their use allows."""

import ipaddress


def neighbourhood(address: str) -> str:
    """What one visitor can hardly leave: an IPv4 address, or the /64 of an IPv6 address."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def coarse(address: str) -> str:
    """The network an address is in, enough to tell home from abroad: an IPv4 /24 or an IPv6 /48."""
    bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False).network_address)


def in_words(network: str) -> str:
    """A coarse address as a person reads it, with dots for what was left out: 203.0.113.… or 2001:db8:1:…"""
    if ":" in network:
        return f"{network.rstrip(':')}:…"
    return f"{network.rpartition('.')[0]}.…"
