"""What not to do with a customer, from what is known of it."""

from typing import Any

import pytest

from customers.cautions import SINCE_MS, Caution, Kind, Known, cautions
from customers.choices import choices
from customers.identifier import Identifier
from customers.tickets import Ticket, word
from customers.timeline import Interaction, ProductLine
from customers.times import DAY_MS
from customers.traits import CONSENT

NOW = 20_000 * DAY_MS
AGREED = {"consent.marketing": True}


def golden(**traits: object) -> dict[str, dict[str, Any]]:
    """Traits by name, each said by the CRM at the epoch's first day."""
    return {
        name.replace("__", "."): {"value": value, "source": "crm", "at": DAY_MS, "others": []}
        for name, value in traits.items()
    }


def of(known: Known) -> list[Caution]:
    """The cautions, but for that of nobody's consent."""
    agreed = {**golden(consent__marketing=True), **known.traits}
    return cautions(
        Known(
            agreed, known.tickets, known.interactions, known.contacts, known.duplicates,
            known.pending,
        ),
        NOW,
    )  # fmt: skip


def happened(type: str, *products: str, at: int = NOW, **given: object) -> Interaction:
    lines = [ProductLine(one, one.title(), None, 1, None) for one in products]
    name = given.pop("name", None)
    return Interaction(
        "k", type, None if name is None else str(name), at, None, None, None, None, given, None,
        lines, "p", "shop", (),
    )  # fmt: skip


def ticket(number: str, at: int, severity: str = "normal") -> Ticket:
    given = {"ticket": number, "severity": severity, "topic": "refund"}
    found = word("desk", f"desk|{number}", "ticket", "Broken", at, None, given)
    assert found is not None
    return found


def contact(namespace: str, people: int | None) -> Identifier:
    return Identifier("k", namespace, "a@x.org", people, False, 0, DAY_MS)


def test_of_whom_nothing_is_known_no_consent_is() -> None:
    assert cautions(Known({}), NOW) == [
        Caution(Kind.NO_MARKETING, "Do not advertise.", "no consent to marketing is known")
    ]


def test_a_clear_yes_is_a_consent_and_nothing_else_is() -> None:
    assert of(Known({})) == []
    for value in ("yes", 1, None, "true"):
        [one] = cautions(Known(golden(consent__marketing=value)), NOW)
        assert one.kind is Kind.NO_MARKETING
    assert cautions(Known(golden(consent__email=True)), NOW) == []


def test_a_consent_that_was_taken_back_is_told_with_its_source_and_day() -> None:
    assert cautions(Known(golden(consent__marketing=False)), NOW) == [
        Caution(
            Kind.NO_MARKETING,
            "Do not advertise.",
            "crm told on 1970-01-02 that marketing is not agreed to",
            None,
            DAY_MS,
        )
    ]


@pytest.mark.parametrize(
    ("purpose", "channel"),
    [("email", "email"), ("marketing.calls", "phone"), ("contact.letter", "post")],
)
def test_a_channel_may_be_refused_by_itself(purpose: str, channel: str) -> None:
    known = golden(**{f"consent.{purpose}": False, "consent.marketing": True})
    [one] = cautions(Known(known), NOW)
    assert (one.kind, one.text, one.channel) == (
        Kind.NOT_BY_CHANNEL, f"Do not advertise by {channel}.", channel,
    )  # fmt: skip
    assert cautions(Known(golden(consent__analytics=False, consent__marketing=True)), NOW) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("preference.doNotCall", "Do not contact by phone."),
        ("do_not_call", "Do not contact by phone."),
        ("noSms", "Do not contact by sms."),
        ("doNotContact", "Do not contact on our own account."),
    ],
)
def test_a_wish_goes_before_a_consent(name: str, text: str) -> None:
    [one] = of(Known(golden(**{name: True})))
    assert (one.text, one.why) == (text, "crm has it so since 1970-01-02")
    assert of(Known(golden(**{name: False}))) == []
    assert of(Known(golden(**{name: "••"}))) == []  # masked, and so nothing


def test_open_tickets_are_one_caution_the_worst_first() -> None:
    found = [ticket(f"T{n}", n * DAY_MS, "urgent" if n == 3 else "normal") for n in range(1, 6)]
    assert of(Known({}, found)) == [
        Caution(
            Kind.OPEN_TICKET,
            "Do not sell before what is open is settled.",
            "ticket T3 (refund, urgent) is open since 1970-01-04; "
            "ticket T1 (refund, normal) is open since 1970-01-02; "
            "ticket T2 (refund, normal) is open since 1970-01-03; and 2 more",
            None,
            DAY_MS,
        )
    ]


def test_what_was_refused_or_sent_back_is_not_offered_again() -> None:
    found = of(
        Known({}, interactions=[
            happened("offer", "tea", outcome="declined", reason="too dear"),
            happened("offer", "tea", outcome="Refused", at=NOW - 9),
            happened("offer", "mug", outcome="accepted"),
            happened("offer", "mug", outcome="refused", at=NOW - 9),
            happened("track", "jug", name="Offer Refused", at=NOW - 1),
            happened("track", "pot", name="Order Refunded", reason="broken"),
            happened("return", name="A sofa"),
            happened("track", "cup", name="Order Completed"),
            happened("offer", "old", outcome="no", at=NOW - SINCE_MS - 1),
        ])
    )  # fmt: skip
    assert [(one.kind, one.text, one.why) for one in found] == [
        (Kind.OFFER_REFUSED, "Do not offer Tea again.", "refused on 2024-10-04: too dear"),
        (Kind.OFFER_REFUSED, "Do not offer Jug again.", "refused on 2024-10-03"),
        (
            Kind.RETURNED,
            "Do not praise Pot, and do not offer it again unasked.",
            "returned on 2024-10-04: broken",
        ),
        (
            Kind.RETURNED,
            "Do not praise A sofa, and do not offer it again unasked.",
            "returned on 2024-10-04",
        ),
    ]


def test_a_shared_contact_says_who_may_be_listening() -> None:
    contacts = [contact("email", 3), contact("phone", 1), contact("cookie", 2), contact("x", None)]
    assert of(Known({}, contacts=contacts)) == [
        Caution(
            Kind.SHARED_CONTACT,
            "Do not speak of orders by a@x.org before you know who it is.",
            "3 people seem to share it",
            None,
            DAY_MS,
        )
    ]


def test_others_who_may_be_the_same_person_are_counted() -> None:
    whys = [of(Known({}, duplicates=["cus_2", "cus_3"][:n]))[0].why for n in (1, 2)]
    assert whys == [
        "of 1 other nobody has decided yet whether they are the same person",
        "of 2 others nobody has decided yet whether they are the same person",
    ]


def test_while_it_is_worked_out_who_is_one_person_that_is_said() -> None:
    assert [one.kind for one in of(Known({}, pending=True))] == [Kind.IDENTITY_PENDING]


def test_of_a_purpose_in_two_cases_the_newest_word_holds() -> None:
    traits = golden(consent__Marketing=False) | {
        name: one | {"at": NOW + 1} for name, one in golden(consent__marketing=True).items()
    }
    assert cautions(Known(traits), NOW) == []
    assert [one.name for one in choices(traits, CONSENT)] == ["marketing"]
