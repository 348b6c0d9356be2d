"""The address to listen on."""

import socket

import pytest

from server.address import check_credentials, listen, url
from server.settings import ConfigError, Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_needs_no_credentials(host: str) -> None:
    check_credentials(Settings(host=host), keys=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_what_others_can_reach_needs_some_and_says_how_to_make_them(host: str) -> None:
    settings = Settings(host=host)
    with pytest.raises(ConfigError, match=r"make a key with profile-graph keys create NAME"):
        check_credentials(settings, keys=False)
    check_credentials(settings, keys=True)
    check_credentials(settings.model_copy(update={"jwt_jwks": "keys.json"}), keys=False)


def test_what_a_port_mapping_guards_is_loopback() -> None:
    check_credentials(Settings(host="0.0.0.0", loopback_mapping=True), keys=False)


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
