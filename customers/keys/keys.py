"""Keys: made, listed and revoked by an administrator."""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.audit.entry import Action, entry
from customers.audit.log import record
from customers.errors import InvalidInputError
from customers.identity.policy_document import default_policy, read_policy
from customers.identity.policy_in_force import policy_in_force
from customers.ingest.ingest import ONESELF
from customers.ingest.record import LONGEST_SOURCE
from customers.keys.key import Key, Kind, id_in, new_text
from customers.principal import Principal, Role
from customers.times import DAY_MS, now_ms
from cypher import Deadline, Graph, Row, Transaction, load

CREATE = load("keys/create")
EVERY = load("keys/every")
USABLE = load("keys/usable")
REVOKE = load("keys/revoke")

# A process holds all that are usable, and reads them again every few seconds.
MOST_KEYS = 10_000
MANAGE = "manage keys"
LONGEST_NAME = 100
USUAL_DAYS = 365
SERVER_ROLES = frozenset(Role) - {Role.CUSTOMER}


def usual_expiry(kind: Kind, now: int) -> int | None:
    """When a key ends unless something else is said: one that is in an app's code never does."""
    return None if kind is Kind.WRITE else now + USUAL_DAYS * DAY_MS


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that somebody wants; without a `role` it is the write key of a `source`.

    Raises:
        InvalidInputError: there is no such key.
    """

    name: str
    role: Role | None = None
    source: str | None = None
    expires_at: int | None = None

    def __post_init__(self) -> None:
        """Refuse what would be no key."""
        _check(self)

    @property
    def kind(self) -> Kind:
        """Whether it is for a browser, or for a program that keeps it to itself."""
        return Kind.WRITE if self.role is None else Kind.SERVER


async def create_key(
    graph: Graph, wanted: Wanted, principal: Principal, deadline: Deadline
) -> tuple[Key, str]:
    """A new key and its text, which is known to nobody afterwards but to whom it is given.

    Raises:
        ForbiddenError, InvalidInputError
    """
    principal.check(MANAGE)
    if wanted.kind is Kind.WRITE:
        await _check_doubtful(graph, wanted.source or "", deadline)
    usable = await graph.read(USABLE, deadline, now=now_ms(), limit=MOST_KEYS)
    if len(usable) >= MOST_KEYS:
        raise InvalidInputError(f"There are {MOST_KEYS} usable keys: revoke some that nobody uses.")
    text, key_id, kept = new_text()
    row = {
        "id": key_id,
        "name": wanted.name,
        "kind": wanted.kind,
        "role": wanted.role or Role.INGEST,
        "source": wanted.source,
        "createdAt": now_ms(),
        "expiresAt": wanted.expires_at,
    }
    told = entry(principal, Action.KEY_CREATED, [key_id])

    async def work(transaction: Transaction) -> None:
        await transaction.run(CREATE, hash=kept, **row)
        await record(transaction, [told])

    await graph.transaction(CREATE.name, work, deadline)
    return Key.of(row | {"revokedAt": None, "lastUsedAt": None}), text


async def every_key(graph: Graph, principal: Principal, deadline: Deadline) -> list[Key]:
    """Every key there has been, the oldest first.

    Raises:
        ForbiddenError
    """
    principal.check(MANAGE)
    return [Key.of(row) for row in await graph.read(EVERY, deadline)]


async def revoke_key(graph: Graph, given: str, principal: Principal, deadline: Deadline) -> Key:
    """Revoke the key with an id, or with a text, of which the secret is not looked at.

    Raises:
        ForbiddenError
        InvalidInputError: there is none.
    """
    principal.check(MANAGE)
    named = id_in(given)
    told = entry(principal, Action.KEY_REVOKED, [named] if named else [])

    async def work(transaction: Transaction) -> list[Row]:
        found = await transaction.run(REVOKE, id=named, at=now_ms())
        await record(transaction, [told] if found else [])
        return found

    rows = await graph.transaction(REVOKE.name, work, deadline) if named else []
    if not rows:
        # Not what was given: it may be a secret.
        raise InvalidInputError("There is no key with this id: profile-graph keys list has them.")
    return Key.of(rows[0])


async def believed(graph: Graph, sources: Iterable[str], deadline: Deadline) -> list[str]:
    """Those of some sources that the policy in force trusts."""
    found = await policy_in_force(graph, deadline)
    policy = read_policy(found["text"]) if found else default_policy()
    return sorted(filter(policy.trusts, set(sources)))


async def _check_doubtful(graph: Graph, source: str, deadline: Deadline) -> None:
    """Refuse a write key, which anybody can read in a page, of a source that is believed."""
    if await believed(graph, [source], deadline):
        raise InvalidInputError(
            f"A write key can be read by anybody, and the policy trusts the source {source}: they "
            f'could say that they are your customers. Put "[sources.{source}]" with '
            '"trusted = false" into the policy (profile-graph policy show, policy apply), or make '
            f"a server key of a program that keeps it to itself: --role ingest --source {source}."
        )


def _check(wanted: Wanted) -> None:
    if not _printable(wanted.name, LONGEST_NAME):
        raise InvalidInputError(f"A key has a name of 1 to {LONGEST_NAME} printable characters.")
    if wanted.source is not None and not _printable(wanted.source, LONGEST_SOURCE):
        raise InvalidInputError(
            f"A source has a name of 1 to {LONGEST_SOURCE} printable characters."
        )
    if wanted.source == ONESELF:
        raise InvalidInputError(f"Only customers themselves write for the source {ONESELF}.")
    if wanted.role is None and wanted.source is None:
        raise InvalidInputError("A key has a role, or a source that it writes for.")
    if wanted.role is Role.CUSTOMER:
        raise InvalidInputError("A customer comes with a token of theirs, never with a key.")
    if wanted.role not in (None, Role.INGEST) and wanted.source is not None:
        raise InvalidInputError(f"A source narrows the role {Role.INGEST}, not {wanted.role}.")


def _printable(text: str, longest: int) -> bool:
    return text.strip() == text != "" and text.isprintable() and len(text) <= longest
