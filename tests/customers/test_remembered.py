"""What is remembered of what comes in: whoever may write could fill the memory with it."""

import gc
import sys
from collections.abc import Iterator
from functools import lru_cache

from customers.identity.component import REMEMBERED
from customers.identity.names import name_of
from tests.conftest import Ingest
from tests.rows import said

TRAITS = (
    "firstName", "lastName", "middleName", "name", "fullName", "nickname", "maidenName",
    "birthDate", "suffix", "gender", "street", "address2", "postalCode", "city", "company",
    "country", "plan", "state", "title", "email", "jobTitle",
)  # fmt: skip
CACHED = type(lru_cache(str))


def remembered() -> Iterator[str]:
    """The texts by which functions of this program remember their answers."""
    modules = [module for name, module in sys.modules.items() if name.startswith("customers.")]
    for one in (value for module in modules for value in vars(module).values()):
        if isinstance(one, CACHED):
            for found in gc.get_referents(one):
                if isinstance(found, dict):
                    yield from texts(tuple(found))


def texts(key: object) -> Iterator[str]:
    """The texts in a key."""
    if isinstance(key, str):
        yield key
    elif isinstance(key, tuple | frozenset):
        for part in key:
            yield from texts(part)


def test_answers_are_found_that_functions_remember_whatever_the_collector_knows() -> None:
    assert name_of("Remembered Here")
    gc.freeze()
    try:
        assert "Remembered Here" in [*remembered()]
    finally:
        gc.unfreeze()


async def test_texts_of_any_length_are_kept_and_none_of_them_stays_in_memory(
    ingest: Ingest,
) -> None:
    long = {name: f"{name} " + "la le li " * (REMEMBERED // 8) for name in TRAITS}
    short = {name: f"{name} Short" for name in TRAITS}
    outcomes = await ingest([
        said("a", 1, "email:a@x.org", **long), said("a", 2, "cookie:c", **short),
        said("b", 3, "email:a@x.org", **long),
    ])  # fmt: skip
    assert not any(one.refused for one in outcomes)
    # Who was written before is read again for the sake of who comes.
    await ingest([said("c", 4, "email:a@x.org")])
    found = [*remembered()]
    assert "lastName Short" in found
    longest = max(found, key=len)
    assert len(longest) <= REMEMBERED, longest[:80]
