"""What a request shows of who it is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from server.credential import BadReasonError, CredentialsError, credential, reason

KEY = "pgk_23456789bcdf_" + "a" * 43


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer  {KEY} "},
        {"X-API-Key": KEY},
        {"Authorization": basic(f"{KEY}:")},
        {"Authorization": basic(KEY)},
        {"Authorization": basic(f"{KEY}:anything")},
    ],
)
def test_a_key_comes_in_each_of_the_ways_that_clients_have(headers: dict[str, str]) -> None:
    found = credential(Headers(headers))
    assert found is not None
    assert (found.text, found.is_key) == (KEY, True)
    assert KEY not in repr(found)


def test_what_is_no_key_is_a_token() -> None:
    found = credential(Headers({"Authorization": "Bearer a.b.c"}))
    assert found is not None
    assert (found.text, found.is_key) == ("a.b.c", False)


def test_who_shows_nothing_shows_nothing() -> None:
    assert credential(Headers({"Accept": "*/*"})) is None


@pytest.mark.parametrize(
    "raw",
    [
        [(b"authorization", b"")],
        [(b"authorization", b"Bearer")],
        [(b"authorization", b"Bearer ")],
        [(b"authorization", b"Digest x")],
        [(b"authorization", KEY.encode())],
        [(b"authorization", b"Basic !")],
        [(b"authorization", b"Basic /w==")],
        [(b"authorization", b"Bearer " + b"x" * 8_192)],
        [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
        [(b"authorization", b"Bearer a"), (b"x-api-key", b"b")],
    ],
)
def test_what_is_shown_in_no_such_way_is_refused_alike(raw: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(CredentialsError) as refused:
        credential(Headers(raw=raw))
    assert str(refused.value) == "This request needs credentials, and has none that are right."


@given(st.binary(max_size=60), st.sampled_from([b"authorization", b"x-api-key", b"x-reason"]))
def test_whatever_is_sent_it_is_a_credential_or_an_expected_error(
    value: bytes, name: bytes
) -> None:
    for read in (credential, reason):
        try:
            read(Headers(raw=[(name, value)]))
        except (CredentialsError, BadReasonError):
            continue


def test_a_reason_is_text_in_utf_8() -> None:
    assert reason(Headers(raw=[(b"x-reason", "Rückfrage zu 4711".encode())])) == "Rückfrage zu 4711"
    assert reason(Headers({"X-Reason": " ticket 12 "})) == "ticket 12"
    assert reason(Headers({"X-Reason": "x" * 200})) == "x" * 200
    assert reason(Headers({})) is None


@pytest.mark.parametrize("value", [b"", b"  ", b"x" * 201, b"a\tb", b"a\x1b[31mb", b"\xff\xfe"])
def test_a_reason_that_cannot_be_noted_is_refused(value: bytes) -> None:
    with pytest.raises(BadReasonError, match="1 to 200 printable characters"):
        reason(Headers(raw=[(b"x-reason", value)]))
