"""The address to listen on."""

import socket

import pytest

from server.address import check_loopback, listen, url
from server.settings import ConfigError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_is_served(host: str) -> None:
    check_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_what_others_can_reach_is_refused_with_what_to_set(host: str) -> None:
    with pytest.raises(ConfigError, match=r"PROFILE_GRAPH_HOST=127\.0\.0\.1 and put a proxy"):
        check_loopback(host)


def test_what_a_port_mapping_guards_is_served() -> None:
    check_loopback("0.0.0.0", mapped=True)


def test_a_port_that_is_taken_is_named_with_the_variable(unused_tcp_port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", unused_tcp_port)),
        pytest.raises(ConfigError, match=f"Port {unused_tcp_port} is taken.*PROFILE_GRAPH_PORT"),
    ):
        listen("127.0.0.1", unused_tcp_port)


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(ConfigError, match=r"PROFILE_GRAPH_HOST=192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_port_0_is_any_that_is_free() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert url(listener) == f"http://127.0.0.1:{port}"
