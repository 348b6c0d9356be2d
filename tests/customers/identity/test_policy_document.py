"""A policy as people write it: what it means, and in which line a mistake is."""

import tomllib

import pytest

from customers.errors import InvalidInputError
from customers.identity.policy import Namespace, Policy
from customers.identity.policy_document import (
    InvalidPolicyError,
    default_policy,
    default_text,
    digest_of,
    read_policy,
)

TEXT = default_text()
# A document of each kind of setting.
SAMPLE = """\
# What we believe.
crowd = 5            # more people than this are anybody
mergeBits = 5.0
possibleBits = 2.0
tieBits = 1.0
unlinkedBits = -4.5
region = "US"
blocked = [          # whole values
  'n/?a', 'none',
]
blockedNames = ['test', 'male']

[namespaces.email]   # where most come from
bits = 9
normaliser = "email"
[namespaces.ip]
bits = 0
[fields.firstName]
kind = "given"
agree = 3
[fields.address]
kind = "address"
agree = 5
[blocking.nameAddress]
of = ["address"]
any = ["firstName"]
[sources.crm]
kind = "crm"
priority = 30
"""
# The smallest document there is.
SMALL = """\
[namespaces.email]
bits = 9
[fields.firstName]
kind = "given"
agree = 3
"""


NO_REGION = (
    "region: no region of phone numbers: the two capital letters of a country, such as GB (not UK)"
)


def line_of(text: str, document: str) -> int:
    """The line in which `text` begins."""
    assert document.count(text) == 1
    return document[: document.index(text)].count("\n") + 1


def mistakes_in(document: str) -> str:
    with pytest.raises(InvalidPolicyError) as caught:
        read_policy(document, "mine.toml")
    assert caught.value.code == "POLICY_INVALID"
    assert isinstance(caught.value, InvalidInputError)
    return str(caught.value)


def mistake(was: str, now: str, at: str | None = None) -> str:
    """What is said of the sample with one thing changed, after the line of `at`."""
    assert SAMPLE.count(was) == 1
    document = SAMPLE.replace(was, now)
    said = mistakes_in(document)
    place = f"mine.toml, line {line_of(at or now, document)}: "
    assert said.startswith(place), said
    return said.removeprefix(place)


# What a document means


def test_the_default_document_is_the_default_policy() -> None:
    policy = default_policy()
    assert policy is default_policy()
    assert policy.model_dump() == read_policy(TEXT).model_dump()
    assert policy.namespaces["email"].normaliser == "email"
    assert policy.unique == ("crmId", "loyaltyId", "userId")
    assert policy.personal == {"ssn"}
    assert policy.owned == frozenset()
    assert "ip" not in policy.leads
    assert not policy.doubts


def test_the_default_document_comes_back_from_what_was_read_of_it() -> None:
    read = read_policy(TEXT).model_dump(by_alias=True)
    assert Policy.model_validate(read).model_dump(by_alias=True) == read
    for setting, value in tomllib.loads(TEXT).items():
        if isinstance(value, dict):
            assert read[setting].keys() == value.keys()
            for name, parts in value.items():
                assert parts.items() <= read_as_written(read[setting][name]).items()
        else:
            assert read_as_written({setting: read[setting]}) == {setting: value}


def read_as_written(settings: dict[str, object]) -> dict[str, object]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}


def test_a_document_says_what_each_kind_of_evidence_is_worth() -> None:
    policy = read_policy(SAMPLE)
    assert (policy.crowd, policy.merge_bits, policy.possible_bits) == (5, 5.0, 2.0)
    assert (policy.tie_bits, policy.unlinked_bits, policy.region) == (1.0, -4.5, "US")
    assert policy.blocked == ("n/?a", "none")
    assert policy.namespaces == {
        "email": Namespace(bits=9, normaliser="email"),
        "ip": Namespace(bits=0),
    }
    assert policy.links == {"email": 9, "~address": 5}
    assert policy.keys == {"~nameAddress"}
    assert policy.leads == {"email", "~nameAddress"}
    assert (policy.given, policy.family, policy.addresses) == ("firstName", None, ("address",))
    assert policy.source("crm").priority == 30
    assert policy.source("web").priority == 0


def test_what_a_document_leaves_out_is_as_it_is_by_default() -> None:
    policy = read_policy(SMALL)
    assert (policy.crowd, policy.merge_bits, policy.region) == (5, 5.0, "US")
    assert policy.namespace("email") == Namespace(bits=9)
    assert policy.namespace("crmId") == Namespace(bits=0)
    assert (policy.blocking, policy.sources, policy.blocked) == ({}, {}, ())
    assert policy.trusts("anybody")


def test_a_policy_is_known_by_itself_however_alike_another_is() -> None:
    one, other = read_policy(TEXT), read_policy(TEXT)
    assert one == one  # noqa: PLR0124 - this is the question
    assert one != other
    assert len({one, other, one}) == 2


# Where a mistake is


def test_an_unknown_setting_is_named_with_its_line() -> None:
    assert mistake("crowd = 5 ", "crowds = 5 ") == "crowds: no such setting"
    assert mistake("bits = 0", "bits = 0\nunik = true", "unik") == (
        "namespaces.ip.unik: no such setting"
    )
    assert mistake('kind = "crm"', 'brand = "crm"', "brand") == (
        "sources.crm.brand: no such setting"
    )


def test_a_table_that_there_is_not_is_named_with_its_line() -> None:
    assert mistake("[sources.crm]", "[source.crm]") == "source: no such setting"


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        (
            "crowd = 5",
            'crowd = "five"',
            "crowd: Input should be a valid integer, unable to parse string as an integer",
        ),
        ("crowd = 5", "crowd = 0", "crowd: Input should be greater than or equal to 1"),
        ("tieBits = 1.0", "tieBits = [1.0]", "tieBits: Input should be a valid number"),
        ("mergeBits = 5.0", "mergeBits = nan", "mergeBits: Input should be a finite number"),
        (
            "unlinkedBits = -4.5",
            "unlinkedBits = 4.5",
            "unlinkedBits: Input should be less than or equal to 0",
        ),
        (
            'kind = "given"',
            'kind = "giving"',
            (
                "fields.firstName.kind: Input should be 'given', 'family', 'initial', 'word', "
                "'date', 'generation', 'address' or 'company'"
            ),
        ),
        (
            'normaliser = "email"',
            'normaliser = "mail"',
            "namespaces.email.normaliser: Input should be 'plain', 'email' or 'phone'",
        ),
        (
            'of = ["address"]',
            "of = []",
            "blocking.nameAddress.of: Tuple should have at least 1 item after validation, not 0",
        ),
        ('region = "US"', 'region = "usa"', NO_REGION),
        ('region = "US"', 'region = "UK"', NO_REGION),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_line(was: str, now: str, why: str) -> None:
    assert mistake(was, now) == why


@pytest.mark.parametrize("setting", ["disagree = -2", "veto = true"])
def test_a_company_cannot_tell_people_apart(setting: str) -> None:
    said = mistake('kind = "address"', f'kind = "company"\n{setting}', "[fields.address]")
    assert said == (
        "fields.address: a company speaks against nobody: it has neither disagree nor veto"
    )


def test_what_is_missing_is_named_with_the_line_of_its_table() -> None:
    table = "[fields.firstName]"
    assert mistake('kind = "given"\n', "", table) == "fields.firstName.kind: Field required"
    assert mistakes_in("crowd = 5") == (
        "mine.toml: fields: Field required\nmine.toml: namespaces: Field required"
    )


def test_a_regular_expression_that_is_none_is_named_with_the_line_of_its_list() -> None:
    assert mistake("'none'", "'(none'", "blocked = [ ") == (
        "blocked.1: not a regular expression: missing ), unterminated subpattern at position 0"
    )
    assert mistake("'test'", "'*test'") == (
        "blockedNames.0: not a regular expression: nothing to repeat at position 0"
    )


def test_a_blocking_key_of_a_field_that_there_is_not_is_named_with_the_line_of_its_table() -> None:
    table = "[blocking.nameAddress]"
    assert mistake('of = ["address"]', 'of = ["adress"]', table) == (
        "blocking.nameAddress names no field: adress (fields: firstName, address)"
    )
    assert mistake('any = ["firstName"]', 'any = ["lastName", "city"]', table) == (
        "blocking.nameAddress names no field: city, lastName (fields: firstName, address)"
    )


def test_settings_that_contradict_each_other_are_named_with_their_line() -> None:
    assert mistake("possibleBits = 2.0", "possibleBits = 5.5") == (
        "possibleBits must not be above mergeBits"
    )


def test_a_namespace_that_is_named_like_our_own_is_named_with_its_line() -> None:
    assert mistake("[namespaces.ip]", '[namespaces."~ip"]') == (
        "namespaces.~ip must not begin with ~"
    )


def test_what_is_no_toml_is_named_with_line_and_column() -> None:
    assert mistakes_in(SAMPLE.replace("crowd = 5", "crowd 5")) == (
        "mine.toml: not TOML: Expected '=' after a key in a key/value pair (at line 2, column 7)"
    )
    assert mistakes_in("crowd = ") == "mine.toml: not TOML: Invalid value (at end of document)"


def test_every_mistake_is_told_in_the_order_of_the_lines() -> None:
    said = mistakes_in(
        "crowds = 1\n\n"  # line 1
        "[namespaces.email]  # the tables may have remarks\n"
        "bitz = 9  # line 4\n"
        '[namespaces . "phone"]\n'
        "bits = -1  # line 6\n"
        "[fields]\n"
    )
    assert said.splitlines() == [
        "mine.toml, line 1: crowds: no such setting",
        "mine.toml, line 4: namespaces.email.bitz: no such setting",
        "mine.toml, line 6: namespaces.phone.bits: Input should be greater than or equal to 0",
    ]


# By what a document is known


def test_comments_and_blanks_do_not_change_the_digest() -> None:
    digest = digest_of(SMALL)
    assert len(digest) == 16
    assert digest_of(f"# mine\n\n{SMALL}\n") == digest
    assert digest_of(SMALL.replace("bits = 9", "bits=9   # as measured")) == digest
    assert digest_of("\n".join(line.partition(" #")[0] for line in TEXT.splitlines())) == (
        digest_of(TEXT)
    )


def test_any_other_value_changes_the_digest() -> None:
    digests = {
        digest_of(SMALL),
        digest_of(SMALL.replace("9", "8")),
        digest_of(SMALL.replace("given", "family")),
        digest_of(SMALL.replace("firstName", "lastName")),
        digest_of(f"crowd = 5\n{SMALL}"),
        digest_of(TEXT),
    }
    assert len(digests) == 6
