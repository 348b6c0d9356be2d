"""Tokens: which are taken, and how the keys that they are signed with change."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import jwks
from server.credential import CredentialsError, TokenExpiredError
from server.jwks import Jwks, JwksUnavailableError
from server.settings import Settings
from server.tokens import Tokens
from tests.tokens import AUDIENCE, ISSUER, SUBJECT, Provider, Signer, content, jwks_file, provider

RSA, EC, ED = Signer("r1"), Signer("e1", "ES256"), Signer("o1", "EdDSA")
OTHER = Signer("r1")  # the same id, another key
LEEWAY = 30


def configured(place: object, **more: Any) -> Settings:  # noqa: ANN401 - whatever can be set
    return Settings(jwt_jwks=str(place), jwt_issuer=ISSUER, jwt_audience=AUDIENCE, **more)


@pytest.fixture
async def tokens(tmp_path: Path) -> Tokens:
    """Tokens by a file of three keys."""
    file = jwks_file(tmp_path, RSA, EC, ED)
    return Tokens(configured(file), str(file))


@pytest.mark.parametrize("signer", [RSA, EC, ED])
async def test_a_token_that_is_right_is_taken(tokens: Tokens, signer: Signer) -> None:
    claims = await tokens.claims(signer.token(role="seller"))
    assert (claims["sub"], claims["role"]) == (SUBJECT, "seller")


def part(value: object) -> str:
    """A part of a token, as it is encoded."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(alg: str) -> str:
    return f"{part({'alg': alg, 'kid': 'r1'})}.{part(content())}."


def by_public_key() -> str:
    """HMAC with what everybody knows, which takes in who lets a token choose."""
    signed = f"{part({'alg': 'HS256', 'kid': 'r1'})}.{part(content())}"
    digest = hmac.digest(RSA.pem, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def changed() -> str:
    head, _, signature = RSA.token().split(".")
    return f"{head}.{part(content(role='admin'))}.{signature}"


WRONG: list[tuple[str, Callable[[], str]]] = [
    ("no token", lambda: "hello"),
    ("three parts of nothing", lambda: ".."),
    ("none", lambda: unsigned("none")),
    ("None", lambda: unsigned("None")),
    ("nothing signed", lambda: unsigned("RS256")),
    ("HMAC with the public key", by_public_key),
    ("HMAC", lambda: jwt.encode(content(), "x" * 32, "HS256", headers={"kid": "r1"})),
    ("an algorithm that is not allowed", Signer("r1", "RS384").token),
    ("the algorithm of another key", lambda: EC.token(headers={"kid": "r1"})),
    ("another key", OTHER.token),
    ("another id", lambda: RSA.token(headers={"kid": "e1"})),
    ("no id, of several keys", lambda: RSA.token(headers={})),
    ("an id that is no text", lambda: f"{part({'alg': 'RS256', 'kid': 5})}.{part(content())}.AAAA"),
    ("changed", changed),
    ("a critical extension", lambda: RSA.token(headers={"kid": "r1", "crit": ["x"], "x": 1})),
    ("another issuer", lambda: RSA.token(iss="https://evil.example")),
    ("an issuer that begins alike", lambda: RSA.token(iss=f"{ISSUER}.evil.example")),
    ("another audience", lambda: RSA.token(aud="other")),
    ("other audiences", lambda: RSA.token(aud=["other", "more"])),
    ("no issuer", lambda: RSA.token(iss=None)),
    ("no audience", lambda: RSA.token(aud=None)),
    ("no end", lambda: RSA.token(exp=None)),
    ("neither iat nor nbf", lambda: RSA.token(iat=None)),
    ("not yet valid", lambda: RSA.token(nbf=int(time.time()) + LEEWAY + 300)),
    ("issued later", lambda: RSA.token(iat=int(time.time()) + LEEWAY + 300)),
    ("an exp that is no number", lambda: RSA.token(exp="tomorrow")),
]  # fmt: skip


@pytest.mark.parametrize("make", [make for _, make in WRONG], ids=[name for name, _ in WRONG])
async def test_a_token_that_is_wrong_is_refused_without_a_word_why(
    tokens: Tokens, make: Callable[[], str]
) -> None:
    with pytest.raises(CredentialsError) as refused:
        await tokens.claims(make())
    assert refused.value.code == "UNAUTHENTICATED"
    assert str(refused.value) == "This request needs credentials, and has none that are right."


async def test_a_token_is_good_a_little_longer_than_it_says_for_clocks_that_differ(
    tokens: Tokens,
) -> None:
    assert await tokens.claims(RSA.token(exp=int(time.time()) - LEEWAY + 10))
    assert await tokens.claims(RSA.token(iat=None, nbf=int(time.time()) + LEEWAY - 10))
    with pytest.raises(TokenExpiredError) as refused:
        await tokens.claims(RSA.token(exp=int(time.time()) - LEEWAY - 1))
    assert refused.value.code == "TOKEN_EXPIRED"


async def test_only_a_token_that_was_right_hears_that_it_expired(tokens: Tokens) -> None:
    with pytest.raises(CredentialsError) as refused:
        await tokens.claims(OTHER.token(exp=1))
    assert refused.value.code == "UNAUTHENTICATED"


async def test_a_secret_in_the_jwks_verifies_nothing(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    secret = {"kty": "oct", "kid": "h1", "k": base64.urlsafe_b64encode(b"x" * 32).decode()}
    file.write_text(json.dumps({"keys": [secret, RSA.jwk]}))
    tokens = Tokens(configured(file), str(file))
    assert await Jwks(str(file), ["RS256"]).load() == 1
    with pytest.raises(CredentialsError):
        await tokens.claims(jwt.encode(content(), b"x" * 32, "HS256", headers={"kid": "h1"}))
    assert await tokens.claims(RSA.token())


async def test_a_key_for_encryption_verifies_nothing(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [RSA.jwk | {"use": "enc"}, EC.jwk | {"use": "sig"}]}))
    tokens = Tokens(configured(file), str(file))
    with pytest.raises(CredentialsError):
        await tokens.claims(RSA.token())
    assert await tokens.claims(EC.token())


async def test_where_there_is_one_key_a_token_need_not_name_it(tmp_path: Path) -> None:
    file = jwks_file(tmp_path, RSA)
    assert await Tokens(configured(file), str(file)).claims(RSA.token(headers={}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    text=st.text(max_size=80)
    | st.tuples(*[st.binary(max_size=20)] * 3).map(
        lambda parts: ".".join(base64.urlsafe_b64encode(one).decode() for one in parts)
    )
)
async def test_whatever_is_sent_as_a_token_is_refused_as_one(text: str, tokens: Tokens) -> None:
    with pytest.raises(CredentialsError):
        await tokens.claims(text)


@pytest.fixture
def idp() -> Any:  # noqa: ANN401 - an iterator, which pytest unwraps
    """An identity provider that signs with RSA."""
    with provider(RSA) as served:
        yield served


@pytest.fixture
async def keys(idp: Provider) -> AsyncIterator[Jwks]:
    """Its keys, nothing read yet."""
    keys = Jwks(idp.url, ["RS256", "ES256"])
    yield keys
    await keys.close()


def pass_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + seconds)


async def test_keys_are_read_once_for_many(idp: Provider, keys: Jwks) -> None:
    found = await asyncio.gather(*(keys.key("r1") for _ in range(20)))
    assert (len(found), None in found, idp.asked) == (20, False, 1)


async def test_an_algorithm_that_is_not_allowed_asks_the_provider_for_nothing(
    idp: Provider,
) -> None:
    tokens = Tokens(configured(idp.url), idp.url)
    for token in (unsigned("none"), by_public_key(), Signer("r1", "RS384").token()):
        with pytest.raises(CredentialsError):
            await tokens.claims(token)
    assert idp.asked == 0
    assert await tokens.claims(RSA.token())
    await tokens.close()


async def test_a_new_key_is_fetched_and_made_up_ones_are_no_way_to_hammer(
    idp: Provider, keys: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await keys.key("r1")
    idp.signers.append(EC)
    assert await keys.key("e1") is None
    pass_time(monkeypatch, jwks.COOLDOWN_S)
    assert await keys.key("e1")
    for n in range(100):
        assert await keys.key(f"made up {n}") is None
    assert idp.asked == 2


async def test_a_key_that_was_taken_away_ends(
    idp: Provider, keys: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await keys.key("r1")
    idp.signers = [EC]
    pass_time(monkeypatch, jwks.LIFESPAN_S + 1)
    assert await keys.key("r1")  # read again behind this answer
    assert keys._reading is not None
    await keys._reading
    assert await keys.key("r1") is None


async def test_an_outage_of_the_provider_is_none_here_for_an_hour(
    idp: Provider, keys: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await keys.key("r1")
    idp.status = 503
    pass_time(monkeypatch, jwks.STALE_S - 5)
    assert await keys.key("r1")
    assert keys._reading is not None
    await keys._reading
    assert await keys.key("r1")
    pass_time(monkeypatch, 10)
    with pytest.raises(JwksUnavailableError):
        await keys.key("r1")


async def test_a_provider_that_was_never_there_is_no_fault_of_the_token(
    idp: Provider, keys: Jwks
) -> None:
    idp.status = 500
    for _ in range(10):
        with pytest.raises(JwksUnavailableError, match="try again"):
            await keys.key("r1")
    assert idp.asked == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": []}', '{"keys": 1}', "<html>"])
async def test_what_is_no_jwks_is_told_to_the_doctor(tmp_path: Path, text: str) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(text)
    with pytest.raises(JwksUnavailableError, match=r"The keys at .* cannot be read"):
        await Jwks(str(file), ["RS256"]).load()
