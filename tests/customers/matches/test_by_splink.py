"""What splink makes of customers, for real; and what is said where it is missing."""

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from customers.identity.policy import Policy
from customers.identity.proposed import COLUMNS, Known, Scored, digest
from customers.matches.by_splink import NEEDS, Splink
from customers.matches.propose import propose
from customers.principal import DEVELOPER
from cypher import Graph
from tests.conftest import Ingest, in_force
from tests.matches import only, standing
from tests.rows import said

# As if it were not installed, for whoever imports it below.
WITHOUT = "import sys; sys.modules['splink'] = None; from server.cli import main; main()"


def test_without_splink_the_command_says_what_to_install(cli_env: Mapping[str, str]) -> None:
    asked = [sys.executable, "-c", WITHOUT, "resolve", "--propose"]
    done = subprocess.run(
        asked, capture_output=True, text=True, check=False, env=os.environ | cli_env
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{NEEDS}\n")


def test_nothing_is_proposed_of_one_customer_or_none() -> None:
    pytest.importorskip("splink")
    proposer = Splink()
    proposer.add([])
    proposer.add([("cus_a", dict.fromkeys(COLUMNS, "x")), ("cus_b", dict.fromkeys(COLUMNS))])
    assert list(proposer.scored(0.5)) == []


def test_slips_are_found_among_strangers_whatever_the_order() -> None:
    pytest.importorskip("splink")
    people = {f"cus_{n:03}": _person(n) for n in range(200)}
    people["cus_x"] = _person(7) | {"last_name": "smitson07", "email": "n7@y.org", "phone": None}
    people["cus_y"] = _person(9) | {"birth_date": "1959-04-12", "email": None}
    found = _found(people)
    assert [one.pair for one in found] == [("cus_009", "cus_y"), ("cus_007", "cus_x")]
    [of_nine, _] = found
    assert (of_nine.ours, of_nine.theirs) == (digest(people["cus_009"]), digest(people["cus_y"]))
    assert _found(dict(reversed(people.items()))) == found


def _found(people: Mapping[str, Known]) -> list[Scored]:
    proposer = Splink()
    proposer.add(list(people.items()))
    return list(proposer.scored(0.9))


def _person(n: int) -> dict[str, str | None]:
    return {
        "first_name": ["ann", "bob", "carl", "dora", "emil", "fay", "gus"][n % 7],
        "last_name": f"smithson{n:02}" if n % 2 else f"{'xyz'[n % 3] * 4}ley{n}",
        "birth_date": f"{1950 + n % 50}-{1 + n % 12:02}-{10 + n % 17}",
        "postal_code": str(10_000 + n % 40),
        "city": ["ulm", "trier", "bonn"][n % 3],
        "email": f"n{n}@x.org",
        "phone": f"+1212555{n:04}",
    }


async def test_splink_proposes_two_rows_that_resolution_never_compares(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    pytest.importorskip("splink")
    people = [_person(n) for n in range(40)]
    rows = [
        said(f"r{n}", 1, f"email:n{n}@x.org", firstName=one["first_name"],
             lastName=one["last_name"], city=one["city"], birthDate=one["birth_date"],
             postalCode=one["postal_code"])
        for n, one in enumerate(people)
    ]  # fmt: skip
    one = people[3]
    twin = said("twin", 1, "email:n3@y.org", firstName=one["first_name"], city=one["city"],
                postalCode=one["postal_code"],
                lastName="smitson03", birthDate="1953-04-14")  # fmt: skip
    await ingest([*rows, twin])
    found = await propose(graph, in_force(policy), DEVELOPER, Splink(), 0.9)
    assert (found.compared, found.as_json()["added"]) == (41, 1)
    assert set(await standing(graph)) == {"r3-twin"}
    match = await only(graph)
    assert match.proposed_by == found.by
    assert match.probability is not None
    assert match.probability > 0.9
