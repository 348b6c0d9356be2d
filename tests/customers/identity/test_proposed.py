"""What a tool is told of customers, and what becomes of pairs that it scores; without a graph."""

from collections.abc import Mapping, Sequence

import orjson

from customers.identity.component import Held, Member
from customers.identity.decided import DISMISSED, NEVER, REST, SPLIT, Decided
from customers.identity.matched import Standing
from customers.identity.policy import Policy
from customers.identity.possible import fingerprint
from customers.identity.proposed import (
    COLUMNS,
    Fate,
    Scored,
    digest,
    digest_of,
    known,
    proposing,
)

NOW = 1000


def member(key: str, *held: Held, source: str = "crm", **traits: str) -> Member:
    """A profile that is a customer of its own."""
    text = orjson.dumps(
        {name: [[orjson.dumps(value).decode(), 1]] for name, value in traits.items()}
    )
    return Member(key, 1, f"cus_{key}", source, text.decode(), f"cus_{key}", held)


A = member("a", Held("email|ann@x.org", 1, generic=False), firstName="Ann", lastName="Smithson")
B = member("b", Held("email|an@x.org", 1, generic=False), firstName="An", lastName="Smithson")


def fates(
    parts: Mapping[str, Sequence[Member]], policy: Policy, *, scored: Scored | None = None
) -> Mapping[Fate, int]:
    """What becomes of a and b, as they were scored before anything else was known of them."""
    one = scored or between(policy)
    return proposing([one], parts, policy, NOW, "x 1.0")[1]


def between(policy: Policy) -> Scored:
    return Scored("cus_b", "cus_a", 12.5, digest_of([B], policy), digest_of([A], policy))


def test_a_tool_is_told_what_trusted_sources_say_and_nothing_generic(policy: Policy) -> None:
    assert set(known([A], policy)) == set(COLUMNS)
    crowd = Held("phone|+12125550101", 99, generic=True)
    mails = [Held(f"email|{name}@x.org", 1, generic=False) for name in ("z", "ann", "k")]
    house = Held("phone|+12125550102", 2, generic=False)
    one = member("c", crowd, house, *mails, firstName=" Zoë ", birthDate="1980-02-03", city="Ulm")
    assert {name: value for name, value in known([one], policy).items() if value} == {
        "first_name": "zoe", "birth_date": "1980-02-03", "city": "ulm", "email": "ann@x.org",
    }  # fmt: skip
    distrusted = policy.model_copy(
        update={"sources": {"t": policy.source("crm").model_copy(update={"trusted": False})}}
    )
    stranger = member("t", Held("phone|+1", 1, generic=False), source="t", lastName="Low")
    assert known([one, stranger], distrusted) == known([one], distrusted)
    assert not any(known([stranger], distrusted).values())


def test_a_digest_tells_one_column_from_another() -> None:
    told = [dict.fromkeys(COLUMNS) | {name: "x"} for name in COLUMNS]
    assert len({digest(one) for one in told}) == len(COLUMNS)


def test_a_pair_is_added_with_its_evidence_in_the_order_of_the_two(policy: Policy) -> None:
    found, told = proposing([between(policy)], {"cus_a": [A], "cus_b": [B]}, policy, NOW, "x 1.0")
    [row] = found.rows
    assert (row["customers"], row["kind"], row["score"], row["proposedBy"], row["since"]) == (
        ["cus_a", "cus_b"], "proposed", 12.5, "x 1.0", NOW,
    )  # fmt: skip
    assert row["evidence"] == digest_of([A], policy) + digest_of([B], policy)
    assert [note["customer"] for note in found.notes] == ["cus_a", "cus_b"]
    assert told == {Fate.ADDED: 1}


def test_what_is_noted_at_the_two_keeps_a_pair_out(policy: Policy) -> None:
    one = between(policy)
    proposal = Standing(*one.pair, "proposed", 9.0, "look", one.evidence, 1, by="x 0.9")
    found = proposal._replace(kind="score", by="")

    def noted(*said: Decided, match: Standing | None = None) -> Mapping[str, Sequence[Member]]:
        texts = (match.dumps(),) if match else ()
        return {
            f"cus_{each.key}": [each._replace(decided=(side,) if side else (), matches=texts)]
            for each, side in zip((A, B), said or (None, None), strict=True)
        }

    assert fates(noted(match=proposal), policy) == {Fate.KEPT: 1}
    assert fates(noted(match=found), policy) == {Fate.LISTED: 1}
    never = Decided(NEVER, "d", SPLIT), Decided(NEVER, "d", REST)
    assert fates(noted(*never), policy) == {Fate.APART: 1}
    assert fates(noted(never[0], never[0]), policy) == {Fate.ADDED: 1}
    of_partition = fingerprint(A.evidence(policy), B.evidence(policy))
    for evidence in (one.evidence, of_partition):
        word = Decided(DISMISSED, "d", evidence)
        assert fates(noted(word, word), policy) == {Fate.DISMISSED: 1}
    other = Decided(DISMISSED, "d", "another")
    assert fates(noted(other, other), policy) == {Fate.ADDED: 1}


def test_who_is_gone_or_another_by_now_is_left_out(policy: Policy) -> None:
    assert fates({"cus_a": [A]}, policy) == {Fate.CHANGED: 1}
    more = member("c", firstName="Anna", city="Ulm")
    assert fates({"cus_a": [A, more], "cus_b": [B]}, policy) == {Fate.CHANGED: 1}
