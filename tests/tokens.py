"""An identity provider for tests: keys that it signs with, and the JWKS that it serves."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import get_default_algorithms

ISSUER, AUDIENCE = "https://id.example", "profile-graph"
SUBJECT = "user-4711"
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Signer:
    """A key pair under an id."""

    def __init__(self, kid: str, algorithm: str = "RS256") -> None:
        """A new pair."""
        self.kid, self.algorithm = kid, algorithm
        self.private: Private
        if algorithm.startswith("ES"):
            self.private = ec.generate_private_key(ec.SECP256R1())
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = rsa.generate_private_key(65537, 2048)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half, as a JWKS has it."""
        as_jwk: Any = get_default_algorithms()[self.algorithm].to_jwk
        named = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        made: dict[str, Any] = json.loads(as_jwk(self.private.public_key()))
        return made | named

    @property
    def pem(self) -> bytes:
        """The public half as text, which an HMAC could be keyed with."""
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def token(self, headers: dict[str, Any] | None = None, **claims: object) -> str:
        """A token that is right, but for `claims`; None takes one away."""
        return jwt.encode(
            content(**claims),
            self.private,
            self.algorithm,
            headers={"kid": self.kid} if headers is None else headers,
        )


def content(**claims: object) -> dict[str, Any]:
    """The claims of a token that is right, but for `claims`."""
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 300, "sub": SUBJECT}
    return {name: value for name, value in (usual | claims).items() if value is not None}


def jwks(*signers: Signer) -> dict[str, Any]:
    """The document that a provider publishes."""
    return {"keys": [signer.jwk for signer in signers]}


def jwks_file(folder: Path, *signers: Signer) -> Path:
    """The same in a file."""
    file = folder / "jwks.json"
    file.write_text(json.dumps(jwks(*signers)), encoding="utf-8")
    return file


class Provider:
    """What is served on loopback, how often it was asked for, and how it answers."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.signers: list[Signer] = []
        self.asked = 0
        self.status = 200
        self.url = ""


@contextmanager
def provider(*signers: Signer) -> Iterator[Provider]:
    """An identity provider's JWKS over HTTP."""
    served = Provider()
    served.signers = list(signers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked += 1
            body = json.dumps(jwks(*served.signers)).encode()
            self.send_response(served.status)
            self.send_header("Content-Length", f"{len(body)}")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}/jwks"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
