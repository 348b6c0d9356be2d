"""What is claimed from a browser keeps nobody from an answer about whom it is claimed of."""

import pytest

from customers.identity.partition import FLOOD
from customers.identity.policy import Policy
from customers.identity.policy_document import read_policy
from customers.ingest.sightings import MOST_PURCHASES
from tests.conftest import Ingest, Json
from tests.distrust import distrusting
from tests.graph_schema.conftest import Ask
from tests.graph_schema.test_purchases import order, seen, told
from tests.graph_schema.test_why import row, why
from tests.rows import said

NUMBER = {"namespace": "crmId", "value": "C1"}
VIEW = "query($of: IdentifierInput!) { customer(identifier: $of) { displayName } }"


@pytest.fixture
def policy() -> Policy:
    """One by which browsers are not trusted."""
    return read_policy(distrusting("web"))


def claims(source: str, name: str, birth: str, **more: bool) -> Json:
    """A record of somebody who says that the number is theirs."""
    traits = {} if more else {"firstName": name, "birthDate": birth}
    identifiers = [] if more else [NUMBER]
    return {
        "source": source, "sourceId": name, "identifiers": identifiers, "traits": traits, **more
    }  # fmt: skip


async def test_of_several_who_hold_it_the_one_whom_somebody_trusted_knows_is_meant(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([claims("web", "mallory", "1950-05-05"), claims("crm", "ann", "1980-01-01")])
    await ingest([claims("web", "trudy", "1960-06-06")])
    answer = await ask(VIEW, of=NUMBER)
    assert answer.data == {"customer": {"displayName": "ann"}}
    assert answer.statements.count("customers/trusted_holders") == 1
    # All of them are told of who asks for the identifier.
    holders = await ask(
        '{ identifier(namespace: "crmId", value: "C1") { customers { displayName } } }'
    )
    assert len(holders.data["identifier"]["customers"]) == 3


async def test_whom_two_trusted_rows_name_is_still_to_be_chosen(ask: Ask, ingest: Ingest) -> None:
    await ingest([claims("crm", "ann", "1980-01-01"), claims("crm", "ben", "1970-01-01")])
    await ingest([claims("web", "mallory", "1950-05-05")])
    answer = await ask(VIEW, of=NUMBER)
    assert answer.codes == ["IDENTIFIER_SHARED"]
    assert answer.body["errors"][0]["message"].startswith("2 customers")


async def test_where_nobody_is_trusted_nobody_is_meant(ask: Ask, ingest: Ingest) -> None:
    await ingest([claims("web", "mallory", "1950-05-05"), claims("web", "trudy", "1960-06-06")])
    assert (await ask(VIEW, of=NUMBER)).codes == ["IDENTIFIER_SHARED"]
    await ingest([claims("web", "eve", "1940-04-04"), claims("crm", "ann", "1980-01-01")])
    await ingest([claims("crm", "ann", "", deleted=True)])
    assert (await ask(VIEW, of=NUMBER)).codes == ["IDENTIFIER_SHARED"]


async def test_purchases_that_a_browser_tells_of_make_no_order_nobodys(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([order("shop", 1), order("till", 2)])
    flood = [order("web", 3 + n, f"email:m{n}@x.org", amount=0) for n in range(MOST_PURCHASES + 1)]
    await ingest(flood)
    assert told(await seen(ask)) == [("shop", ["shop", "till"])]
    await ingest([order("web", 90)])
    assert told(await seen(ask)) == [("shop", ["shop", "till", "web"])]


async def test_why_tells_of_a_flood_of_visits_that_none_is_compared_with_another(
    ask: Ask, ingest: Ingest
) -> None:
    visits = [
        said(f"w{n}", 1, "email:ann@x.org", f"email:w{n}@x.org", source="web")
        for n in range(FLOOD + 1)
    ]
    await ingest(visits)
    found = await why(ask, row("web", "w0"), row("web", "w1"))
    assert (found["linked"], found["upToDate"], found["reason"]) == (False, True, "FLOODED")
    assert found["text"].startswith("web w0 and web w1 are two customers: ")
    assert found["text"].endswith(
        " More than 100 kinds of profiles that are not trusted are in their component: "
        "none of them is compared with another."
    )
    # Once somebody trusted knows the mailbox, those who visit with it are that customer.
    await ingest([said("ann", 2, "email:ann@x.org", source="crm")])
    assert (await why(ask, row("web", "w0"), row("web", "w1")))["reason"] == "JOINED"
