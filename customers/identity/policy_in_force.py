"""The policy in force: a version in the graph, which all processes that write go by."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal

from customers.audit.entry import Action, entry
from customers.audit.log import record
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, digest_of, read_policy
from customers.ingest.turn import take_turn
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

IN_FORCE = load("policies/in_force")
PUT_IN_FORCE = load("policies/put_in_force")
RESOLVED = load("policies/resolved")

Run = Callable[..., Awaitable[list[Row]]]
Origin = Literal["default", "file"]


class PolicyInForce:
    """What a process holds for the policy.

    A writer that finds a newer version takes it up, and so does a server's background.
    """

    def __init__(self, policy: Policy, version: int, text: str) -> None:
        """Go by `policy`, which is `version` in the graph."""
        self.policy, self.version, self.text = policy, version, text

    async def keep_up(self, run: Run, version: int) -> None:
        """Take up the version that the graph has, within a writer's turn."""
        if version != self.version:
            [row] = await run(IN_FORCE)
            self.take_up(row)

    def take_up(self, row: Row) -> None:
        """Go by the version that is in force, as the graph has it."""
        if row["version"] != self.version:
            self.policy = read_policy(row["text"], f"policy version {row['version']}")
            self.version, self.text = row["version"], row["text"]


async def policy_in_force(graph: Graph, deadline: Deadline) -> Row | None:
    """The version in force with its text, or None where there has been none yet."""
    rows = await graph.read(IN_FORCE, deadline)
    return rows[0] if rows else None


async def put_in_force(
    graph: Graph, text: str, origin: Origin, principal: Principal, deadline: Deadline
) -> PolicyInForce:
    """Put the policy document `text` in force, unless it says what the one in force says.

    What was resolved before stays as it is until `resolve_everything` or a record comes by it.

    Raises:
        InvalidPolicyError, ForbiddenError
    """
    principal.check("put a policy in force")
    policy = read_policy(text)
    digest = digest_of(text)
    told = entry(principal, Action.POLICY)

    async def work(transaction: Transaction) -> PolicyInForce:
        turn = await take_turn(transaction)
        rows = await transaction.run(IN_FORCE)
        if rows and rows[0]["digest"] == digest:
            return PolicyInForce(policy, turn["policy"], rows[0]["text"])
        version = turn["policy"] + 1
        await transaction.run(
            PUT_IN_FORCE,
            version=version,
            digest=digest,
            text=text,
            origin=origin,
            at=now_ms(),
            by=principal.name,
        )
        await record(transaction, [replace(told, about=(f"policy_{version}",), count=1)])
        if not turn["profiles"]:
            await transaction.run(RESOLVED, version=version, at=now_ms())
        return PolicyInForce(policy, version, text)

    return await graph.transaction("policies/put_in_force", work, deadline)


async def open_policy(
    graph: Graph, text: str | None, principal: Principal, deadline: Deadline
) -> PolicyInForce:
    """The policy that a process is to go by.

    `text` is that of PROFILE_GRAPH_POLICY; without one the graph's own goes on, and the default
    where it has none, or an older default.
    """
    row = await policy_in_force(graph, deadline)
    if text is None and row is not None and row["origin"] == "file":
        return PolicyInForce(read_policy(row["text"]), row["version"], row["text"])
    wanted = default_text() if text is None else text
    if row is not None and row["digest"] == digest_of(wanted):
        return PolicyInForce(read_policy(row["text"]), row["version"], row["text"])
    return await put_in_force(
        graph, wanted, "default" if text is None else "file", principal, deadline
    )


async def note_resolved(graph: Graph, version: int, deadline: Deadline) -> None:
    """Note that everything is resolved by a version of the policy."""

    async def work(transaction: Transaction) -> None:
        await transaction.run(RESOLVED, version=version, at=now_ms())

    await graph.transaction("policies/resolved", work, deadline)
