"""Evidence in a few letters, for tests of what is made of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from customers.identity.compared import blocking_keys
from customers.identity.evidence import Evidence, evidence
from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy

NAMESPACES = {
    "c": "crmId", "u": "userId", "l": "loyaltyId", "s": "ssn", "m": "email", "p": "phone",
    "k": "cookie", "d": "device", "i": "ip",
}  # fmt: skip
FIELDS = {
    "first": "firstName", "last": "lastName", "middle": "middleName", "sex": "sex",
    "born": "birthDate", "generation": "generation", "home": "address", "firm": "company",
}  # fmt: skip


# Figures of the tests' own: the default ones are measured, and may change with what is measured.
BITS: dict[str, dict[str, float]] = {
    "crmId": {"bits": 14}, "userId": {"bits": 14}, "loyaltyId": {"bits": 14},
    "ssn": {"bits": 11, "differ": -4}, "email": {"bits": 9, "differ": -3},
    "phone": {"bits": 8, "differ": -1}, "cookie": {"bits": 9}, "device": {"bits": 8},
}  # fmt: skip
AGREEMENT: dict[str, tuple[float, float]] = {
    "firstName": (3, -7), "lastName": (2, -3), "middleName": (1.5, -2), "sex": (0.5, -1.5),
    "birthDate": (6, -9), "generation": (0, -12), "address": (5, 0), "company": (5, 0),
}  # fmt: skip


def changed(policy: Policy, **settings: Any) -> Policy:  # noqa: ANN401 - whatever a policy says
    """The policy but for these settings."""
    return Policy.model_validate(policy.model_dump(by_alias=True) | settings)


def _policy() -> Policy:
    said = default_policy().model_dump(by_alias=True)
    return changed(
        default_policy(),
        crowd=5,
        mergeBits=5,
        possibleBits=2,
        tieBits=1,
        unlinkedBits=-4.5,
        namespaces={name: said["namespaces"][name] | bits for name, bits in BITS.items()},
        fields={
            name: said["fields"][name] | {"agree": agree, "disagree": disagree}
            for name, (agree, disagree) in AGREEMENT.items()
        },
    )


POLICY = _policy()


def known(*identifiers: str, **fields: str) -> Evidence:
    """Evidence of a profile: ``c:1`` is crmId 1, ``first="ann|ben"`` are two first names."""
    return profile(identifiers, fields)


def doubted(*identifiers: str, **fields: str) -> Evidence:
    """The same of a source that is not trusted."""
    return profile(identifiers, fields, trusted=False)


def profile(
    identifiers: Iterable[str],
    fields: Mapping[str, str],
    *,
    policy: Policy = POLICY,
    trusted: bool = True,
    used: Mapping[str, int] | None = None,
) -> Evidence:
    """The same under any policy, `used` at these times; of who is trusted with blocking keys."""
    said = {FIELDS[name]: frozenset(text.split("|")) for name, text in fields.items()}
    keys = [key_of(one) for one in identifiers]
    if trusted:
        keys += sorted(blocking_keys(said, policy))
    uses = {key_of(one): at for one, at in (used or {}).items()}
    return evidence(keys, said, policy, used=uses, trusted=trusted)


def key_of(identifier: str) -> str:
    """The key of an identifier in a few letters: ``c:1`` is ``crmId|1``."""
    letter, _, value = identifier.partition(":")
    return f"{NAMESPACES[letter]}|{value}"
