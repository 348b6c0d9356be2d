"""Whom a key or a token speaks for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.keys.key import Key, Kind
from customers.principal import Principal, Role, Subject
from server.credential import CredentialsError
from server.principals import principal_of_key, principal_of_token
from server.settings import Settings

SECRET = b"s" * 32
SETTINGS = Settings()
BY_EMAIL = Settings(jwt_subject_claim="email", jwt_subject_namespace="email")
STAFF = sorted(set(Role) - {Role.CUSTOMER, Role.INGEST})


def principal(settings: Settings = SETTINGS, **claims: object) -> Principal:
    return principal_of_token({"sub": "user-4711"} | claims, settings, SECRET)


@pytest.mark.parametrize(
    "claims", [{}, {"role": None}, {"role": "customer"}, {"role": []}, {"role": ["offline"]}]
)
def test_a_token_without_a_role_is_a_customers_and_named_by_no_value(
    claims: dict[str, Any],
) -> None:
    found = principal(**claims)
    assert (found.role, found.subject) == (Role.CUSTOMER, Subject("userId", "user-4711"))
    assert found.name.startswith("customer:")
    assert "4711" not in found.name
    assert found == principal()
    assert found.source is None


def test_the_name_of_a_customer_differs_by_subject_and_by_installation() -> None:
    other = principal_of_token({"sub": "user-4711"}, SETTINGS, b"t" * 32)
    assert len({principal().name, principal(sub="user-4712").name, other.name}) == 3


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("form", [str, lambda role: [role, "offline_access"]])
def test_a_role_of_the_staff_is_taken(role: Role, form: Any) -> None:  # noqa: ANN401
    found = principal(role=form(str(role)))
    assert (found.name, found.role, found.subject) == ("user:user-4711", role, None)


@pytest.mark.parametrize(
    "role", ["Admin", "root", "", " admin", 1, True, {"admin": 1}, ["admin", "seller"]]
)
def test_a_role_that_is_none_of_ours_is_refused(role: object) -> None:
    with pytest.raises(CredentialsError):
        principal(role=role)


def test_a_token_that_may_write_says_for_which_source() -> None:
    found = principal(role="ingest", source="crm")
    assert (found.role, found.source) == (Role.INGEST, "crm")
    for source in (None, "", 5, ["crm"]):
        with pytest.raises(CredentialsError):
            principal(role="ingest", source=source)


def test_the_source_of_a_token_of_another_role_is_nothing() -> None:
    assert principal(role="seller", source="crm").source is None


@pytest.mark.parametrize("verified", [None, False, "true", 1, "false"])
def test_an_email_that_was_not_verified_is_nobodys(verified: object) -> None:
    with pytest.raises(CredentialsError):
        principal(BY_EMAIL, email="ann@mail.example", email_verified=verified)


def test_an_email_that_was_verified_is_a_subject() -> None:
    found = principal(BY_EMAIL, email="ann@mail.example", email_verified=True)
    assert found.subject == Subject("email", "ann@mail.example")
    assert "ann" not in found.name


@pytest.mark.parametrize("sub", [None, "", "  ", 5, "a\nb", "x" * 513, ["a"]])
@pytest.mark.parametrize("role", [None, "seller"])
def test_a_token_names_somebody_in_short_text(sub: object, role: str | None) -> None:
    with pytest.raises(CredentialsError):
        principal(sub=sub, role=role)


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional={"sub": JSON, "role": JSON, "source": JSON}))
def test_whatever_a_token_claims_it_is_a_principal_or_refused(claims: dict[str, Any]) -> None:
    try:
        found = principal_of_token(claims, SETTINGS, SECRET)
    except CredentialsError:
        return
    assert (found.subject is not None) == (found.role is Role.CUSTOMER)
    assert (found.source is not None) == (found.role is Role.INGEST)
    assert found.name.isprintable()


def test_a_key_is_named_by_its_id_and_narrowed_to_its_source() -> None:
    web = Key("23456789bcdf", "shop", Kind.WRITE, Role.INGEST, "web", 0, None, None, None)
    assert principal_of_key(web) == Principal("key:23456789bcdf shop", Role.INGEST, source="web")
    loader = Key("23456789bcdf", "loader", Kind.SERVER, Role.ADMIN, None, 0, None, None, None)
    found = principal_of_key(loader)
    assert (found.role, found.source) == (Role.ADMIN, None)
