"""The recall that identifiers alone allow."""

from collections.abc import Mapping

from customers.identity.policy import Policy
from tests.evaluation.ceiling import ceiling
from tests.synthetic import JsonRecord


def record(source_id: str, identifiers: Mapping[str, str]) -> JsonRecord:
    return {
        "source": "crm",
        "sourceId": source_id,
        "identifiers": [{"namespace": name, "value": one} for name, one in identifiers.items()],
        "traits": {"firstName": "Ann", "birthDate": "1980-02-03"},
    }


def test_a_chain_of_one_persons_profiles_counts_as_found(policy: Policy) -> None:
    records = [
        record("1", {"email": "Ann@mail.example"}),
        record("2", {"email": "ann@mail.example", "phone": "+16465550123"}),
        record("3", {"phone": "(646) 555-0123"}),
        record("4", {}),
    ]
    truth = {f"crm|{number}": "ann" for number in range(1, 5)}
    assert ceiling(records, truth, policy) == 3 / 6


def test_what_others_hold_leads_nowhere(policy: Policy) -> None:
    records = [
        record("1", {"email": "ann@mail.example"}),
        record("2", {"email": "ann@mail.example", "phone": "+16465550123"}),
        record("3", {"phone": "+16465550123"}),
    ]
    truth = {"crm|1": "ann", "crm|2": "ben", "crm|3": "ann"}
    assert ceiling(records, truth, policy) == 0


def test_blocked_values_and_namespaces_that_do_not_link_do_not_count(policy: Policy) -> None:
    shared = {"email": "test@test.com", "ip": "192.0.2.1"}
    records = [record("1", shared), record("2", shared)]
    assert ceiling(records, {"crm|1": "ann", "crm|2": "ann"}, policy) == 0
