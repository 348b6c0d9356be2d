"""Found: customers that are all of one person, with an e-mail that leads to nobody else."""

from collections import defaultdict

from server.demo.found import Found, found_whole
from server.demo.glance import Glance
from server.demo.sighting import Profile

CRM, SHOP, WEB, OTHER = ("crm", "1"), ("shop", "1"), ("web", "1"), ("crm", "2")
TRUTH = {CRM: "1", SHOP: "1", WEB: "1", OTHER: "2"}
LINKS: dict[Profile, set[str]] = {
    CRM: {"email|a@mail.example", "email|family@mail.example"},
    SHOP: {"email|a@mail.example"},
    WEB: {"cookie|ck"},
    OTHER: {"email|family@mail.example", "email|b@mail.example"},
}


def found(*customers: list[Profile]) -> list[Found]:
    return list(found_whole(customers, TRUTH, LINKS, defaultdict(Glance)))


def test_who_is_found_whole_has_the_emails_that_no_other_has() -> None:
    one, other = found([OTHER], [WEB, CRM, SHOP])
    assert (one.owner, list(one.glances), one.emails) == ("2", [OTHER], ["b@mail.example"])
    assert (other.owner, list(other.glances)) == ("1", [CRM, SHOP, WEB])
    assert other.emails == ["a@mail.example"]


def test_who_is_in_two_customers_or_with_somebody_else_is_not_found_whole() -> None:
    assert [one.owner for one in found([OTHER], [CRM, SHOP], [WEB])] == ["2"]
    assert found([OTHER, CRM, SHOP], [WEB]) == []
