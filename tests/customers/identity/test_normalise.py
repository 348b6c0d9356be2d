"""Which values are one identifier, and which are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.normalise import RefusedError, identifier_key, region_of
from customers.identity.policy import AnyOf
from customers.identity.policy_document import default_policy
from tests.evidence import changed

POLICY = default_policy()
PLACEHOLDER = "a placeholder, blocked by the policy"


def email(value: str) -> str:
    key, shown = identifier_key("email", value, POLICY)
    assert key == f"email|{shown}"
    return shown


def phone(value: str, region: str | None = None) -> str:
    key, shown = identifier_key("phone", value, POLICY, region)
    assert key == f"phone|{shown}"
    return shown


# E-mails


@pytest.mark.parametrize(
    "written",
    [
        "annlee@gmail.com",
        " AnnLee@GMail.com ",
        "ann.lee@gmail.com",
        "a.n.n.l.e.e@gmail.com",
        "annlee+shop@gmail.com",
        "ann.lee+shop+more@gmail.com",
        "annlee+@gmail.com",
        "annlee@googlemail.com",
        "Ann.Lee+Shop@GoogleMail.com",
    ],
)
def test_dots_and_tags_of_a_gmail_address_count_for_nothing(written: str) -> None:
    assert email(written) == "annlee@gmail.com"


@pytest.mark.parametrize("domain", ["outlook.com", "icloud.com", "fastmail.com", "proton.me"])
def test_elsewhere_tags_count_for_nothing_where_the_provider_says_so_and_dots_do(
    domain: str,
) -> None:
    assert email(f"ann.lee+shop@{domain}") == f"ann.lee@{domain}"


@pytest.mark.parametrize("written", ["ann.lee+shop@mail.org", "ann.lee+shop@mail.gmail.com"])
def test_at_any_other_provider_dots_and_tags_are_somebody_else(written: str) -> None:
    assert email(written) == written


def test_a_tag_without_a_name_is_a_name() -> None:
    assert email("+shop@gmail.com") == "+shop@gmail.com"


def test_a_domain_is_one_however_it_is_encoded() -> None:
    assert email("ann@xn--mnchen-3ya.de") == email("Ann@München.de") == "ann@münchen.de"


@pytest.mark.parametrize(
    "written", ["ann", "ann at home", "@mail.org", "a..b@mail.org", "...@gmail.com"]
)
def test_what_is_no_e_mail_address_is_refused(written: str) -> None:
    with pytest.raises(RefusedError, match=r"^not an e-mail address$"):
        email(written)


@pytest.mark.parametrize(
    "written",
    ["noreply@mail.org", "no-reply@mail.org", "n.o.reply@gmail.com", "noreply+7@googlemail.com"],
)
def test_a_placeholder_is_refused_as_it_is_written_and_as_it_is_read(written: str) -> None:
    with pytest.raises(RefusedError, match=f"^{PLACEHOLDER}$"):
        email(written)


# Telephone numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("(212) 555-0199", "+12125550199"),
        ("212.555.0199", "+12125550199"),
        ("1-212-555-0199", "+12125550199"),
        ("+1 212 555 0199", "+12125550199"),
        ("001 212 555 0199", "+12125550199"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        (" 0049 30 123456", "+4930123456"),
    ],
)
def test_a_number_is_one_however_it_is_written(written: str, number: str) -> None:
    assert phone(written) == number


@pytest.mark.parametrize(
    ("region", "number"),
    [("GB", "+442079460958"), ("DE", "+492079460958"), ("AT", "+432079460958")],
)
def test_a_number_without_a_prefix_is_one_of_its_region(region: str, number: str) -> None:
    assert phone("020 7946 0958", region) == number


def test_a_number_with_a_prefix_is_the_same_wherever_it_is_dialled_from() -> None:
    for region in ("US", "GB", "DE"):
        assert phone("+44 20 7946 0958", region) == "+442079460958"
        assert phone("0044 20 7946 0958", region) == "+442079460958"


def test_two_zeros_are_a_prefix_where_the_region_s_own_reading_is_nobody_s_number() -> None:
    for region in ("AU", "US", "GB"):
        assert phone("0061 3 7010 0002", region) == "+61370100002"


def test_without_a_region_a_number_is_one_of_the_policys() -> None:
    british = changed(POLICY, region="GB")
    assert identifier_key("phone", "020 7946 0958", british)[1] == "+442079460958"
    assert identifier_key("phone", "(212) 555-0199", british, "US")[1] == "+12125550199"


@pytest.mark.parametrize("written", ["12", "call me", "020 7946 0958", "+", "00"])
def test_what_can_be_no_number_is_refused(written: str) -> None:
    with pytest.raises(RefusedError, match=r"^not a possible phone number$|^a placeholder"):
        phone(written)


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("GB", "GB"), (" gb ", "GB"), ("de", "DE"), ("US", "US"),
        ("Germany", "DE"), ("deutschland", "DE"), ("DEU", "DE"), ("Allemagne", "DE"),
        ("UK", "GB"), ("United  Kingdom", "GB"), ("England", "GB"), ("GBR", "GB"), ("USA", "US"),
        ("Nowhere", None), ("Europe", None), ("XX", None), ("001", None), ("", None),
        (None, None), (49, None), (["GB"], None),
    ],
)  # fmt: skip
def test_a_country_is_a_region_by_its_codes_and_its_names(
    country: object, region: str | None
) -> None:
    assert region_of(country) == region


# Others


def test_any_other_value_is_compared_without_case_width_and_spaces_and_shown_with_case() -> None:
    assert identifier_key("crmId", " Ｃ  1 ", POLICY) == ("crmId|c 1", "C 1")
    assert identifier_key("undeclared", "A.B+c@Gmail.com", POLICY) == (
        "undeclared|a.b+c@gmail.com",
        "A.B+c@Gmail.com",
    )


def test_nothing_is_blocked_but_what_the_policy_blocks() -> None:
    policy = changed(POLICY, blocked=["c-.*"])
    assert identifier_key("crmId", "0000", policy) == ("crmId|0000", "0000")
    with pytest.raises(RefusedError, match=PLACEHOLDER):
        identifier_key("crmId", "C-17", policy)
    with pytest.raises(RefusedError, match=PLACEHOLDER):
        identifier_key("crmId", "NULL", POLICY)
    assert identifier_key("crmId", "NULL-1", POLICY) == ("crmId|null-1", "NULL-1")


@given(st.sampled_from(["email", "phone", "crmId"]), st.text(max_size=30))
def test_a_value_as_it_is_shown_is_the_same_identifier(namespace: str, value: str) -> None:
    try:
        key, shown = identifier_key(namespace, value, POLICY)
    except RefusedError:
        return
    assert identifier_key(namespace, shown, POLICY) == (key, shown)


@given(
    st.from_regex(
        r"[a-z](\.?[a-z0-9]){0,6}(\+[a-z]{1,3})?@(gmail|googlemail|outlook)\.com", fullmatch=True
    )
)
def test_an_e_mail_as_it_is_read_is_the_same_identifier(value: str) -> None:
    try:
        shown = email(value)
    except RefusedError:
        return
    assert email(shown) == shown
    assert "+" not in shown
    assert not shown.endswith("googlemail.com")


@pytest.mark.parametrize(
    ("namespace", "value"),
    [
        ("phone", "999-999-9999"),
        ("phone", "(555) 555-5555"),
        ("phone", "123-456-7890"),
        ("phone", "+33 111 111 111"),
        ("email", "noemail@noemail.com"),
        ("email", "na@na.com"),
        ("email", "Unknown@unknown.org"),
        ("email", "keine@keine.de"),
        ("email", "a@b.c"),
        ("phone", "+49 123456789"),
        ("crmId", "NEW"),
        ("ssn", "123-45-6789"),
        ("cookie", "(not set)"),
        ("device", "iPhone"),
    ],
)
def test_what_stands_for_none_is_a_placeholder(namespace: str, value: str) -> None:
    with pytest.raises(RefusedError, match=r"^a placeholder"):
        identifier_key(namespace, value, default_policy())


@pytest.mark.parametrize(
    ("namespace", "value"),
    [
        ("phone", "212-555-5555"),
        ("email", "na@firm.example"),
        ("email", "kunde@firm.example"),
        ("email", "x@firm.example"),
        ("crmId", "NEW-1"),
        ("phone", "+49 30 123456789"),
        ("email", "nil@mail.example"),
        ("crmId", "10000000"),
        ("crmId", "99999999"),
    ],
)
def test_what_only_looks_like_one_is_none(namespace: str, value: str) -> None:
    assert identifier_key(namespace, value, default_policy())[1]


def test_a_pattern_may_refer_to_a_group_of_its_own() -> None:
    blocked = AnyOf(["(a)(b)", r"(\d)\1+", "(?P<x>z)(?P=x)"])
    assert all(map(blocked.matches, ["AB", "77", "zz"]))
    assert not any(map(blocked.matches, ["78", "za", "", "b"]))
    assert not AnyOf([]).matches("")
