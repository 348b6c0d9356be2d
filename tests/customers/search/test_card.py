"""What a customer is found by."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from customers.identity.policy_document import default_policy, default_text, read_policy
from customers.search.card import (
    MOST_TOKENS,
    MOST_VALUES,
    Card,
    card_of,
    leads,
    mailbox_words,
    start_of,
    words,
)

POLICY = default_policy()
DOUBTING = read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


def trait(value: object, *others: tuple[object, str]) -> dict[str, Any]:
    """A golden trait that the crm says, and what it won against."""
    return {
        "value": value,
        "source": "crm",
        "others": [{"value": other, "source": source} for other, source in others],
    }


def test_words_are_without_accents_case_titles_and_the_two_ways_to_write_an_umlaut() -> None:
    assert words("Dr. Jörg Müller-Lee") == ("jorg", "muller", "lee")
    assert words("MUELLER") == words("Muller") == ("muller",)
    assert words("Юрий") == ("yuriy",)
    assert words("O") == ()


def test_the_words_of_a_mailbox_are_without_its_digits() -> None:
    assert mailbox_words("ann.moor73") == ("ann", "moor")
    assert mailbox_words("j_smith+shop") == ("smith", "shop")
    assert mailbox_words("12345") == ("12345",)


def test_no_text_that_is_longer_than_any_name_leads_to_a_customer() -> None:
    golden = {"lastName": trait("ann " * 99, ("Moor", "pos")), "city": trait("oslo " * 99)}
    card = card_of(golden, (), POLICY, trusted=True)
    assert (card.names, card.cities, card.tokens()) == (("Moor",), (), ["moor"])


def test_a_customer_is_found_by_every_name_it_had_and_by_its_identifiers() -> None:
    golden = {
        "firstName": trait("Ann", ("Annie", "pos")),
        "lastName": trait("Moor"),
        "maidenName": trait("Lee"),
        "city": trait("Leeds"),
        "shoeSize": trait(38),
    }
    held = [("crm", "email|a.moor@fam.example"), ("crm", "phone|+12125550101"), ("crm", "crmId|c1")]
    card = card_of(golden, held, POLICY, trusted=True)
    assert card == Card(
        ("Ann", "Annie", "Lee", "Moor"), ("a.moor@fam.example",), ("+12125550101",), ("Leeds",)
    )
    assert card.tokens() == sorted(
        ["#550101", "+leeds", "@fam.example", "ann", "annie", "lee", "moor"]
    )


def test_placeholders_and_what_is_no_text_are_no_names() -> None:
    golden = {"firstName": trait("Unknown", (7, "crm")), "lastName": trait(None)}
    assert card_of(golden, [], POLICY, trusted=True) == Card()


def test_what_nobody_trusts_counts_only_where_nobody_else_knows_the_customer() -> None:
    golden = {"firstName": trait("Ann", ("Eve", "browser"))}
    held = [("crm", "email|ann@x.org"), ("browser", "email|eve@x.org")]
    trusted = card_of(golden, held, DOUBTING, trusted=True)
    assert (trusted.names, trusted.emails) == (("Ann",), ("ann@x.org",))
    doubtful = card_of(golden, held, DOUBTING, trusted=False)
    assert doubtful.tokens() == ["?@x.org", "?ann", "?eve"]


def test_a_city_leads_to_nobody_by_itself() -> None:
    assert leads(["+leeds", "?+leeds", "ann", "?ann"]) == {"ann", "?ann"}


def test_words_and_domains_are_found_by_their_first_letters() -> None:
    tokens = ["smith", "li", "@gmail.com", "#550101", "?smith"]
    assert [start_of(one) for one in tokens] == ["smi", "li", "@gma", None, None]


def test_a_customer_of_very_many_names_is_found_by_some() -> None:
    golden = {"name": trait("Ann", *((f"Name{n} Other{n}", "crm") for n in range(500)))}
    card = card_of(
        golden, [("crm", f"email|a{n}@d{n}.org") for n in range(500)], POLICY, trusted=True
    )
    assert (len(card.names), len(card.emails)) == (MOST_VALUES, MOST_VALUES)
    assert len(card.tokens()) <= MOST_TOKENS


@given(st.lists(st.text(max_size=20), max_size=5), st.booleans())
def test_a_card_is_read_as_it_was_written(names: list[str], trusted: bool) -> None:
    card = Card(tuple(names), trusted=trusted)
    assert Card.loads(card.dumps()) == card
    assert all(one.startswith("?") for one in card.tokens()) or trusted


@given(st.text(max_size=60))
def test_words_are_the_same_when_they_are_compared_again(text: str) -> None:
    for word in words(text):
        assert words(word) in ((word,), words(word))
        assert word == word.lower()
        assert " " not in word


def test_only_what_all_who_search_may_see_leads_to_anybody() -> None:
    also = read_policy(f'{default_text()}\n[namespaces.workMail]\nnormaliser = "email"\n')
    held = [("crm", "email|ann@x.org"), ("crm", "workMail|secret@acme.org")]
    assert card_of({}, held, also, trusted=True).emails == ("ann@x.org",)
