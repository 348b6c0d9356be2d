"""The address to listen on: loopback only, since nobody is asked for credentials.

In a container loopback is the container's own, and nobody outside reaches it. There the server
listens on all addresses, and whoever runs it says, by PROFILE_GRAPH_LOOPBACK_MAPPING, that the
port is published on the machine's loopback alone. It still answers to loopback's names only.
"""

import contextlib
import errno
import ipaddress
import socket

from server.settings import ConfigError


def check_loopback(host: str, *, mapped: bool = False) -> None:
    """Refuse an address that others can reach: nobody is asked for credentials.

    `mapped` is the operator's word that only a port published on loopback leads here.

    Raises:
        ConfigError
    """
    if host == "localhost" or mapped:
        return
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return
    raise ConfigError(
        f"PROFILE_GRAPH_HOST={host} can be reached by others, and this server asks nobody "
        "for credentials: set PROFILE_GRAPH_HOST=127.0.0.1 and put a proxy with authentication in "
        "front of it. In a container whose port is published on 127.0.0.1 alone, say so with "
        "PROFILE_GRAPH_LOOPBACK_MAPPING=true."
    )


def check_callers(*, production: bool) -> None:
    """Refuse to serve everybody as the developer in production.

    Raises:
        ConfigError
    """
    if production:
        raise ConfigError(
            "PROFILE_GRAPH_PRODUCTION=true, and this server asks nobody for credentials: whoever "
            "reaches it would be its developer."
        )


def url(listener: socket.socket) -> str:
    """Where a browser finds the server."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free.

    Raises:
        ConfigError: the port is taken, or there is no such address here.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"Port {port} is taken: stop the program that listens there, or name another port "
                "in PROFILE_GRAPH_PORT."
            ) from None
        raise ConfigError(
            f"PROFILE_GRAPH_HOST={host} and PROFILE_GRAPH_PORT={port} cannot be listened on: "
            f"{problem.strerror}"
        ) from None
