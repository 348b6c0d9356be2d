"""Choices: what customers prefer, and what they agreed to, as traits that they tell themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customers.customer import Facets
from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.ingest.ingest import ONESELF
from customers.ingest.keys import digest
from customers.ingest.prepare import prepare
from customers.ingest.queue import Rejected, Writer
from customers.ingest.record import Record
from customers.me import myself
from customers.reading import Reading
from customers.times import now_ms

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """A preference or a consent: its name, its newest value, when and by whom it was told."""

    name: str
    value: Any
    at: int
    source: str


def choices(golden: Mapping[str, Mapping[str, Any]], prefix: str) -> Iterator[Choice]:
    """The choices among golden traits, by name, in whatever case that is written.

    The newest counts, whoever told: who takes a consent back is not overruled by a system that
    still has it, however much it is believed otherwise.
    """
    found: dict[str, Choice] = {}
    for name, trait in golden.items():
        if name.startswith(prefix):
            newest = max((trait, *trait["others"]), key=lambda one: one["at"])
            own = name.removeprefix(prefix)
            one = Choice(own, newest["value"], newest["at"], newest["source"])
            known = found.setdefault(own.casefold(), one)
            if one.at > known.at:
                found[own.casefold()] = one
    yield from found.values()


async def choose(
    reading: Reading, writer: Writer, policy: Policy, trait: str, value: object
) -> bool:
    """Write what a customer says of itself; False where it is kept but not the customer's now.

    It is evidence as any other, of the source `self`. What several people share may be too little
    to say whose it is.

    Raises:
        ForbiddenError, InvalidInputError, SubjectUnknownError, SubjectAmbiguousError
    """
    principal = reading.principal
    principal.check("say for oneself")
    _check(trait, value)
    mine = await myself(reading, policy, Facets())
    subject = principal.subject
    assert subject is not None  # noqa: S101 - or nobody would have been found
    named = {"namespace": subject.namespace, "value": subject.value}
    record = {
        "source": ONESELF,
        "sourceId": digest(*named.values()),
        "identifiers": [named],
        "traits": {trait: value},
    }
    one = prepare(Record.model_validate(record), policy, now_ms())
    if unfit := next((each for each in one.refused if each.what == "trait"), None):
        raise InvalidInputError(f"The value cannot be kept: {unfit.reason}.")
    [outcome] = await writer.submit([one], principal, reading.deadline)
    if isinstance(outcome, Rejected):
        raise InvalidInputError(outcome.reason)
    return outcome.customer == mine.id


def _check(trait: str, value: object) -> None:
    name = trait.partition(".")[2]
    if not NAME.fullmatch(name):
        raise InvalidInputError(
            "A name has a letter first, then letters, digits, `.`, `_` or `-`, 64 at most."
        )
    if not isinstance(value, str | int | float) or not 0 < len(str(value).strip()) <= LONGEST:
        raise InvalidInputError(
            f"A value is a text of 1 to {LONGEST} characters, a number, true or false."
        )
