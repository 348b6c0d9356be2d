"""Why an identifier links nobody, from what its holders told."""

from customers.identifier import Identifier
from customers.identity.generic import generic_reason
from customers.identity.people import GIVEN, NAMED, Summary
from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER

POLICY = default_policy()


def reason(
    namespace: str, value: str, people: int | None, told: dict[str, set[str]], *, generic: bool
) -> str | None:
    key = f"{namespace}|{value}"
    found = Identifier(key, namespace, value, people, generic, 0, 0)
    summary = Summary({kind: frozenset(values) for kind, values in told.items()})
    return generic_reason(found, summary, POLICY, DEVELOPER)


def test_one_that_links_has_no_reason() -> None:
    assert reason("email", "a@x.org", 1, {GIVEN: {"ann"}}, generic=False) is None


def test_names_are_told_and_how_many_more() -> None:
    names = {"ann", "bob", "cara", "dora", "emil", "fritz", "gina", "hugo", "ida"}
    assert reason("phone", "+1", 9, {GIVEN: names}, generic=True) == (
        "9 people have it, more than the 5 of one identifier (`crowd`): they are called ann, bob, "
        "cara, dora, emil, fritz, gina, hugo and 1 more."
    )


def test_numbers_are_told_where_they_counted_more_people_than_names() -> None:
    numbers = {f"crmId|c{n}" for n in range(6)}
    assert reason("email", "a@x.org", 6, {GIVEN: {"ann"}, "crmId": numbers}, generic=True) == (
        "6 people have it, more than the 5 of one identifier (`crowd`): they have 6 crmIds, c0, "
        "c1, c2, c3, c4 and c5."
    )


def test_mailboxes_are_told_also_of_one_who_has_several() -> None:
    mails = [f"email|{n}@x.org" for n in range(7)]
    told = {GIVEN: {"ann"}, "email": set(mails), NAMED + "email": set(mails[:2])}
    assert reason("cookie", "k", 6, told, generic=True) == (
        "6 people have it, more than the 5 of one identifier (`crowd`): they have 7 e-mails, "
        "0@x.org, 1@x.org, 2@x.org, 3@x.org, 4@x.org, 5@x.org and 6@x.org."
    )


def test_a_count_that_its_summary_does_not_explain_is_told_alone() -> None:
    assert reason("email", "a@x.org", 6, {}, generic=True) == (
        "6 people have it, more than the 5 of one identifier (`crowd`)."
    )


def test_the_policy_may_block_a_value() -> None:
    assert reason("email", "noreply@x.org", 1, {}, generic=True) == "The policy blocks this value."


def test_a_namespace_without_bits_links_nobody() -> None:
    assert reason("ip", "10.0.0.1", None, {}, generic=False) == (
        "The namespace ip has 0 bits in the policy, its values are only kept."
    )
    assert reason("shoe", "42", None, {}, generic=False) == (
        "The policy does not know the namespace shoe, whose values are only kept."
    )
