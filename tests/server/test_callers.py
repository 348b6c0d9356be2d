"""What the doctor says of who is let in."""

from pathlib import Path
from typing import Any

import pytest

from customers.keys.keys import Wanted, create_key, revoke_key
from customers.principal import DEVELOPER, Role
from customers.times import DAY_MS, now_ms
from cypher import Graph
from server.callers import callers
from server.jwks import JwksUnavailableError
from server.settings import ConfigError, Settings
from tests.conftest import soon
from tests.distrust import distrust
from tests.tokens import AUDIENCE, ISSUER, Signer, jwks_file


async def told(graph: Graph, **settings: Any) -> dict[str, str]:  # noqa: ANN401 - whatever is set
    return {name: value async for name, value in callers(graph, Settings(**settings))}


async def test_without_credentials_whoever_comes_is_the_developer(graph: Graph) -> None:
    assert await told(graph) == {
        "keys": "none that is usable",
        "tokens": "of nobody: PROFILE_GRAPH_JWT_JWKS is not set",
        "callers": "show nothing, and are the developer",
    }
    required = await told(graph, authentication="required")
    assert required["callers"] == "show a key"


async def test_an_address_that_others_reach_is_wrong_without_credentials(graph: Graph) -> None:
    with pytest.raises(ConfigError, match="can be reached by others"):
        await told(graph, host="0.0.0.0")


async def test_keys_are_counted_by_kind_and_those_that_end_soon_are_named(graph: Graph) -> None:
    soon_over = now_ms() + 20 * DAY_MS
    await distrust(graph, "web", "app")
    for wanted in (
        Wanted("shop", source="web"),
        Wanted("app", source="app"),
        Wanted("till", Role.SELLER, expires_at=now_ms() + 300 * DAY_MS),
        Wanted("operator", Role.ADMIN, expires_at=soon_over),
    ):
        last, _ = await create_key(graph, wanted, DEVELOPER, soon())
    gone, _ = await create_key(graph, Wanted("gone", Role.ADMIN), DEVELOPER, soon())
    await revoke_key(graph, gone.id, DEVELOPER, soon())
    found = await told(graph, host="0.0.0.0")
    assert found["keys"] == (
        "1 server (admin), 1 server (seller), 2 write (ingest); "
        f"within 30 days expire: {last.id} (operator)"
    )
    assert found["callers"] == "show a key"
    assert "write keys" not in found
    await distrust(graph, "app")
    wrong = (await told(graph, host="0.0.0.0"))["write keys"]
    assert wrong == "of sources that the policy trusts: web; see docs/access.md"


async def test_tokens_are_told_with_whether_their_keys_can_be_read(
    graph: Graph, tmp_path: Path
) -> None:
    file = jwks_file(tmp_path, Signer("r1"), Signer("e1", "ES256"))
    tokens = {"jwt_jwks": str(file), "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}
    found = await told(graph, **tokens)
    assert found["tokens"] == "of https://id.example for profile-graph"
    assert found["jwks"] == f"2 keys for RS256, ES256, EdDSA at {file}"
    assert found["callers"] == "show a key or a token"
    file.write_text("{}")
    with pytest.raises(JwksUnavailableError, match="cannot be read"):
        await told(graph, **tokens)
