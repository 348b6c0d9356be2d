"""Services: what a process needs to work on the graph, opened and closed together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from customers.audit.queue import AuditQueue
from customers.change_feed import ChangeFeed
from customers.identity.health import KeptHealth
from customers.identity.policy import Policy
from customers.identity.policy_in_force import PolicyInForce, open_policy
from customers.ingest.queue import Writer
from customers.keys.keyring import Keyring
from customers.principal import DEVELOPER
from cypher import Connection, Deadline, Graph, connect, migrate

MIGRATE_S = 60.0


@dataclass(frozen=True, slots=True)
class Services:
    """The open graph, its one writer and what both go by; `secret` keys ids and cursors."""

    graph: Graph
    writer: Writer
    policies: PolicyInForce
    secret: bytes = field(repr=False)
    changes: ChangeFeed = field(init=False, repr=False)
    health: KeptHealth = field(default_factory=KeptHealth, init=False, repr=False)
    keys: Keyring = field(init=False, repr=False)
    audit: AuditQueue = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make what follows from the rest; all of it ends with `close`."""
        object.__setattr__(self, "changes", ChangeFeed(self.graph))
        object.__setattr__(self, "keys", Keyring(self.graph))
        object.__setattr__(self, "audit", AuditQueue(self.graph))

    async def close(self) -> None:
        """End what follows the changes, and write what waits for the audit log."""
        await self.changes.close()
        await self.keys.close()
        await self.audit.close()

    @property
    def policy(self) -> Policy:
        """The policy in force, as far as this process knows."""
        return self.policies.policy


@asynccontextmanager
async def open_services(
    connection: Connection, secret: bytes, policy: str | None = None
) -> AsyncIterator[Services]:
    """Connect, bring the schema up to date and start the writer; closed in reverse.

    `policy` is a document to put in force; without one the graph's own goes on.

    Raises:
        EngineError, DatabaseUnavailableError, MigrationError, InvalidPolicyError
    """
    async with connect(connection) as graph:
        await migrate(graph, Deadline.after(MIGRATE_S))
        policies = await open_policy(graph, policy, DEVELOPER, Deadline.after(MIGRATE_S))
        async with Writer(graph, policies) as writer:
            services = Services(graph, writer, policies, secret)
            try:
                yield services
            finally:
                await services.close()
