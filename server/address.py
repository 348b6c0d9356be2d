"""The address to listen on: one that others reach is for a server that asks for credentials.

In a container loopback is the container's own, and nobody outside reaches it. There the server
listens on all addresses, and whoever runs it says, by PROFILE_GRAPH_LOOPBACK_MAPPING, that the
port is published on the machine's loopback alone.
"""

import errno
import socket

from server.settings import ConfigError, Settings, loopback

NO_CREDENTIALS = (
    "PROFILE_GRAPH_HOST={host} can be reached by others, and there are no credentials to ask them "
    "for: make a key with profile-graph keys create NAME --role admin, or set "
    "PROFILE_GRAPH_JWT_JWKS, _JWT_ISSUER and _JWT_AUDIENCE. Without, PROFILE_GRAPH_HOST=127.0.0.1 "
    "serves this machine alone. In a container whose port is published on 127.0.0.1 alone, say so "
    "with PROFILE_GRAPH_LOOPBACK_MAPPING=true."
)


def reached_by_others(settings: Settings) -> bool:
    """Whether requests may come from other machines.

    `loopback_mapping` is the operator's word that only a port published on loopback leads here.
    """
    return not (loopback(settings.host) or settings.loopback_mapping)


def check_credentials(settings: Settings, *, keys: bool) -> None:
    """Refuse an address that others reach where neither tokens nor `keys` tell who they are.

    In production no address is for everybody.

    Raises:
        ConfigError
    """
    if settings.jwt_jwks is not None or keys:
        return
    if reached_by_others(settings):
        raise ConfigError(NO_CREDENTIALS.format(host=settings.host))
    if settings.production:
        raise ConfigError(
            "PROFILE_GRAPH_PRODUCTION=true, and there are no credentials to ask for: whoever "
            "reaches the server would be its developer. Make a key with profile-graph keys create "
            "NAME --role admin, or set PROFILE_GRAPH_JWT_JWKS, _JWT_ISSUER and _JWT_AUDIENCE."
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
