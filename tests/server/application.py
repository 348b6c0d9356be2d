"""The application on the graph of the tests."""

from pydantic import SecretStr
from starlette.applications import Starlette

from cypher import Connection
from server.app import create_app
from server.settings import Settings


def application(connection: Connection, *, max_body_bytes: int = 2 << 20) -> Starlette:
    """An application whose lifespan nobody has entered yet."""
    return create_app(
        Settings(
            data_dir=connection.data_dir,
            neo4j_uri=connection.uri,
            neo4j_user=connection.user,
            neo4j_password=SecretStr(connection.password),
            neo4j_database=connection.database,
            max_body_bytes=max_body_bytes,
            request_timeout=120,  # a cold Neo4j on a machine under load plans for a minute
        )
    )
