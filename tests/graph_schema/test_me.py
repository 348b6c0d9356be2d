"""What somebody with a token for one customer sees: oneself, by what can be trusted."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.access.table import table
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.principal import Principal, Role
from customers.services import Services
from graph_schema.schema import schema
from tests.asking import AskAs, asking_as, customer_of
from tests.conftest import Clusters, Ingest
from tests.rows import said

ANN = {"firstName": "Ann", "lastName": "Smith", "birthDate": "1980-02-03"}
BEN = {"firstName": "Ben", "lastName": "Smith", "birthDate": "1955-11-30"}
HOME = {"street": "1 High St", "city": "Leeds", "postalCode": "LS1"}
MINE, ME = customer_of("email", "Ann@x.org"), "{ me { id displayName traits } }"
# Of whatever is Ben's alone.
HIS = "ben-secret"


def call(key: str, text: str) -> dict[str, Any]:
    return {"id": key, "type": "call", "name": text, "properties": {"topic": text}}


RECORDS = [
    said("c1", 1, "crmId:C1", "email:ann@x.org", source="crm", **ANN, **HOME,
         interaction=call("1", "mine")),
    said("s1", 2, "crmId:C1", "cookie:tablet", "landline:+44113496000", source="shop"),
    # Ben lives with her, uses her tablet, and has the landline too.
    said("c2", 1, "crmId:C2", "email:ben@x.org", "landline:+44113496000", source="crm", **BEN,
         **HOME, plan=HIS, interaction=call("2", HIS)),
    said("s2", 3, "crmId:C2", "cookie:tablet", f"userId:{HIS}", source="shop"),
    # Somebody's browser says that it is Ann.
    said("b1", 4, "email:ann@x.org", f"cookie:{HIS}", source="browser", plan=HIS, tier=HIS,
         interaction=call("3", HIS) | {"orderId": HIS, "amount": 5, "currency": "EUR"}),
]  # fmt: skip


@pytest.fixture
def policy() -> Policy:
    """The default, but for browsers, which are not trusted."""
    return read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


@pytest.fixture
async def ask_as(services: Services, ingest: Ingest) -> AskAs:
    await ingest(RECORDS)
    return asking_as(services)


async def test_a_token_opens_its_own_customer(ask_as: AskAs) -> None:
    answer = await ask_as(MINE, ME)
    assert answer.data is not None, answer.errors
    assert answer.data["me"]["displayName"] == "Ann Smith"
    assert answer.data["me"]["traits"] == ANN | HOME
    assert answer.statements == ["customers/by_identifiers"]


async def test_what_a_browser_attached_is_not_shown_to_whom_it_claimed_to_be(
    ask_as: AskAs, clusters: Clusters
) -> None:
    assert {"c1", "s1", "b1"} in await clusters(), "the browser is the customer's, for others"
    answer = await ask_as(
        MINE,
        """{ me {
          identifiers { nodes { value } } devices { nodes { identifier { value } } }
          interactions { nodes { name } } totals { type count } traits
        } }""",
    )
    assert answer.data is not None, answer.errors
    assert HIS not in repr(answer.data)
    assert answer.data["me"]["interactions"]["nodes"] == [{"name": "mine"}]
    assert answer.data["me"]["totals"] == [{"type": "call", "count": 1}]
    seen = await ask_as(
        Role.ADMIN,
        '{ customer(identifier: {namespace: "crmId", value: "C1"}) { traits '
        "interactions { nodes { name } } } }",
    )
    assert HIS in repr(seen.data)


async def test_pages_after_a_cursor_leave_it_out_as_well(ask_as: AskAs) -> None:
    text = """query($i: String, $t: String) { me {
      identifiers(first: 1, after: $i) { nodes { value } pageInfo { endCursor } }
      interactions(first: 1, after: $t) { nodes { name } pageInfo { endCursor hasNextPage } }
    } }"""
    seen: list[str] = []
    cursors: dict[str, str | None] = {"i": None, "t": None}
    for _ in range(4):
        answer = await ask_as(MINE, text, **cursors)
        assert answer.data is not None, answer.errors
        assert HIS not in repr(answer.data)
        pages = answer.data["me"]
        seen += [one["value"] for one in pages["identifiers"]["nodes"]]
        assert not pages["interactions"]["pageInfo"]["hasNextPage"]
        cursors["i"] = pages["identifiers"]["pageInfo"]["endCursor"]
        cursors["t"] = pages["interactions"]["pageInfo"]["endCursor"] or cursors["t"]
    assert sorted(seen) == ["+44113496000", "C1", "ann@x.org", "tablet"]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (customer_of("email", "nobody@x.org"), "SUBJECT_UNKNOWN"),
        (customer_of("email", "no mailbox"), "SUBJECT_UNKNOWN"),
        (customer_of("nowhere", "x"), "SUBJECT_UNKNOWN"),
        (Principal("customer:x", Role.CUSTOMER), "SUBJECT_UNKNOWN"),
        # Only a browser says so.
        (customer_of("cookie", HIS), "SUBJECT_UNKNOWN"),
        # Both have used it.
        (customer_of("cookie", "tablet"), "SUBJECT_AMBIGUOUS"),
        (customer_of("landline", "+44113496000"), "SUBJECT_AMBIGUOUS"),
    ],
)
async def test_an_identifier_of_nobody_or_of_several_opens_nobody(
    ask_as: AskAs, who: Principal, code: str
) -> None:
    answer = await ask_as(who, ME)
    assert answer.data == {"me": None}
    assert answer.codes == [code]
    assert "Smith" not in answer.errors[0]["message"]


# What they say of themselves

CHOICES = "errors { code } me { preferences { name value } consents { purpose granted } }"


async def test_customers_say_what_they_prefer_and_agree_to(ask_as: AskAs) -> None:
    first = await ask_as(
        MINE, f'mutation {{ setPreference(name: "channel", value: "email") {{ {CHOICES} }} }}'
    )
    assert first.data is not None, first.errors
    assert first.data["setPreference"] == {
        "errors": [],
        "me": {"preferences": [{"name": "channel", "value": "email"}], "consents": []},
    }
    for granted in (True, False):
        answer = await ask_as(
            MINE,
            "mutation($yes: Boolean!) "
            f'{{ setConsent(purpose: "marketing", granted: $yes) {{ {CHOICES} }} }}',
            yes=granted,
        )
        assert answer.data is not None, answer.errors
        assert answer.data["setConsent"]["me"]["consents"] == [
            {"purpose": "marketing", "granted": granted}
        ]
    seen = await ask_as(
        Role.MARKETER, "{ customers { nodes { consents { purpose granted source } } } }"
    )
    assert seen.data is not None, seen.errors
    told = [one["consents"] for one in seen.data["customers"]["nodes"] if one["consents"]]
    assert told == [[{"purpose": "marketing", "granted": False, "source": "self"}]]


async def test_a_consent_that_is_taken_back_is_not_overruled_by_a_system_that_has_it(
    ask_as: AskAs, ingest: Ingest
) -> None:
    said_yes = {"consent.marketing": True, "consent.mail": True, "consent.sms": "yes"}
    await ingest([said("c1", 5, "crmId:C1", source="crm", **said_yes)])
    answer = await ask_as(
        MINE, 'mutation { setConsent(purpose: "marketing", granted: false) { errors { code } } }'
    )
    assert answer.data == {"setConsent": {"errors": []}}
    seen = await ask_as(MINE, "{ me { consents { purpose granted } } }")
    assert seen.data is not None
    assert seen.data["me"]["consents"] == [
        {"purpose": "mail", "granted": True},
        {"purpose": "marketing", "granted": False},
        {"purpose": "sms", "granted": False},
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ('setPreference(name: "", value: 1)', "INVALID_INPUT"),
        ('setPreference(name: "a b", value: 1)', "INVALID_INPUT"),
        ('setPreference(name: "a", value: {b: 1})', "INVALID_INPUT"),
        ('setPreference(name: "a", value: 1e999)', "INVALID_INPUT"),
        (f'setPreference(name: "a", value: {2**70})', "INVALID_INPUT"),
        ('setPreference(name: "a", value: "")', "INVALID_INPUT"),
        ('setPreference(name: "a", value: "  ")', "INVALID_INPUT"),
        ('setPreference(name: "a", value: null)', "GRAPHQL_VALIDATION_FAILED"),
        (f'setPreference(name: "a", value: "{"x" * 501}")', "INVALID_INPUT"),
    ],
)
async def test_what_is_no_choice_is_refused(ask_as: AskAs, asked: str, code: str) -> None:
    answer = await ask_as(MINE, f"mutation {{ {asked} {{ errors {{ code }} }} }}")
    assert answer.codes == [code]


async def test_nobody_says_anything_for_somebody_else(ask_as: AskAs) -> None:
    text = 'mutation { setConsent(purpose: "marketing", granted: true) { errors { code } } }'
    assert (await ask_as(customer_of("cookie", "tablet"), text)).codes == ["SUBJECT_AMBIGUOUS"]
    assert (await ask_as(customer_of("email", "new@x.org"), text)).codes == ["SUBJECT_UNKNOWN"]
    assert (await ask_as(Role.SELLER, text)).codes == ["FORBIDDEN"]


# No path around


def selections(kind: Any, depth: int) -> st.SearchStrategy[str]:  # noqa: ANN401 - graphql-core's own
    """Any selection of a type, of fields that need no arguments."""
    parts: list[st.SearchStrategy[str]] = [st.just("__typename")]
    for name, field in kind.fields.items():
        of = field.type
        while hasattr(of, "of_type"):
            of = of.of_type
        if hasattr(of, "fields"):
            if depth:
                inner = selections(of, depth - 1)
                parts.append(st.builds("{} {{ {} }}".format, st.just(name), inner))
        else:
            parts.append(st.just(name))
    return st.lists(st.one_of(parts), min_size=1, max_size=5, unique=True).map(" ".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_no_selection_tells_a_customer_of_another(ask_as: AskAs, data: st.DataObject) -> None:
    text = data.draw(selections(schema._schema.type_map["Customer"], 4))
    answer = await ask_as(MINE, f"{{ me {{ {text} }} }}")
    assert HIS not in repr((answer.data, answer.errors))
    assert "Ben" not in repr((answer.data, answer.errors))
    if answer.errors:
        assert set(answer.codes) <= {"FORBIDDEN", "GRAPHQL_VALIDATION_FAILED"}, answer.errors


async def test_every_field_that_is_a_customers_own_tells_of_nobody_else(ask_as: AskAs) -> None:
    """All of them at once, so that none is left to chance."""
    text = allowed(schema._schema.type_map["Customer"], ())
    answer = await ask_as(MINE, f"{{ me {{ {text} }} }}")
    assert answer.data is not None, answer.errors
    assert "mine" in repr(answer.data)
    assert HIS not in repr(answer.data)
    assert "Ben" not in repr(answer.data)


def allowed(kind: Any, above: tuple[str, ...]) -> str:  # noqa: ANN401 - graphql-core's own
    """Every field of a type that a customer may ask for, and of those that it leads to."""
    parts = ["__typename"]
    for name, field in kind.fields.items():
        of = field.type
        while hasattr(of, "of_type"):
            of = of.of_type
        if not table().may_see("customer", f"{kind.name}.{name}") or of.name in above:
            continue
        if hasattr(of, "fields"):
            parts.append(f"{name} {{ {allowed(of, (*above, kind.name))} }}")
        else:
            parts.append(name)
    return " ".join(parts)


async def test_a_consent_is_not_given_by_whoever_has_a_browser(
    ask_as: AskAs, ingest: Ingest
) -> None:
    took_back = 'mutation { setConsent(purpose: "marketing", granted: false) { errors { code } } }'
    assert (await ask_as(MINE, took_back)).data == {"setConsent": {"errors": []}}
    forged = {"consent.marketing": True, "consent.mail": True}
    await ingest([said("b1", 9, "email:ann@x.org", source="browser", **forged)])
    seen = await ask_as(Role.MARKETER, "{ customers { nodes { consents { purpose granted } } } }")
    assert seen.data is not None, seen.errors
    told = [one["consents"] for one in seen.data["customers"]["nodes"] if one["consents"]]
    assert told == [[{"purpose": "marketing", "granted": False}]]


async def test_a_consent_that_is_taken_back_counts_however_often_others_changed_their_mind(
    ask_as: AskAs, ingest: Ingest
) -> None:
    answers = ["yes", "no", True, 1, 0, "y", "n", "1", "0", "ok", "maybe", True]
    await ingest(
        [
            said("c1", day, "crmId:C1", source="crm", **{"consent.marketing": one})
            for day, one in enumerate(answers, 5)
        ]
    )
    answer = await ask_as(
        MINE,
        'mutation { setConsent(purpose: "marketing", granted: false) '
        "{ me { consents { granted } } } }",
    )
    assert answer.errors == []
    seen = await ask_as(Role.ADMIN, '{ customer(identifier: {namespace: "crmId", value: "C1"}) '
                                    "{ consents { granted source } } }")  # fmt: skip
    assert seen.data == {"customer": {"consents": [{"granted": False, "source": "self"}]}}


@pytest.mark.parametrize("value", ["ａnn@x.org", " ann@x.org", "ann@x.org\u00a0"])
async def test_a_subject_that_only_looks_like_another_opens_nobody(
    ask_as: AskAs, value: str
) -> None:
    assert (await ask_as(customer_of("email", value), ME)).codes == ["SUBJECT_UNKNOWN"]
