"""Loaders: what resolvers ask for one by one is read together, once an operation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from aiodataloader import DataLoader

from customers.changes import Change, changes_by_seq
from customers.customer import (
    Customer,
    customers_by_identifiers,
    customers_by_ids,
    identifier_pages,
    profile_pages,
)
from customers.household import household_members
from customers.identifier import Identifier, identifiers_by_keys
from customers.identity.generic import generic_reasons
from customers.page import Page, PageWanted
from customers.profile import (
    Profile,
    holder_pages,
    identifiers_of_profiles,
    profiles_by_ids,
    profiles_by_keys,
    profiles_by_source_ids,
)
from customers.timeline import Interaction, TimelineWanted, interactions_by_keys, timelines

if TYPE_CHECKING:
    from graph_schema.context import Context

Key = TypeVar("Key")
Value = TypeVar("Value")
# Customers that an identifier names at most; more than a few hold only what is generic.
MOST_HOLDERS = 50


class Loader(DataLoader[Key, Value], Generic[Key, Value]):
    """A loader over a function that answers many keys in their order."""

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """Read through `read`."""
        super().__init__(max_batch_size=200)
        self._read = read

    async def batch_load_fn(self, keys: list[Key]) -> list[Value]:
        """Answer the keys that were asked for together."""
        return list(await self._read(keys))


class Loaders:
    """The loaders of one operation."""

    def __init__(self, context: Context) -> None:
        """Make the loaders; they read for the answer that `context` is making."""
        reading = context.reading
        self.customers_by_id: Loader[str, Customer | None] = Loader(
            lambda ids: customers_by_ids(reading, ids, context.facets)
        )
        self.customers_by_identifier: Loader[str, list[Customer]] = Loader(
            lambda keys: customers_by_identifiers(reading, keys, MOST_HOLDERS, context.facets)
        )
        self.customers_of_household: Loader[str, list[str]] = Loader(
            lambda ids: household_members(reading, ids)
        )
        self.profiles_of_customer: Loader[PageWanted, Page[Profile]] = Loader(
            lambda wanted: profile_pages(reading, wanted)
        )
        self.identifiers_of_customer: Loader[PageWanted, Page[Identifier]] = Loader(
            lambda wanted: identifier_pages(reading, wanted, devices=False)
        )
        self.devices_of_customer: Loader[PageWanted, Page[Identifier]] = Loader(
            lambda wanted: identifier_pages(reading, wanted, devices=True)
        )
        self.timelines: Loader[TimelineWanted, Page[Interaction]] = Loader(
            lambda wanted: timelines(reading, wanted)
        )
        self.changes_by_seq: Loader[int, Change | None] = Loader(
            lambda numbers: changes_by_seq(reading, numbers)
        )
        self.interactions_by_key: Loader[str, Interaction | None] = Loader(
            lambda keys: interactions_by_keys(reading, keys)
        )
        self.profiles_by_id: Loader[str, Profile | None] = Loader(
            lambda ids: profiles_by_ids(reading, ids)
        )
        self.profiles_by_source_id: Loader[tuple[str, str], Profile | None] = Loader(
            lambda wanted: profiles_by_source_ids(reading, wanted)
        )
        self.profiles_by_key: Loader[str, Profile | None] = Loader(
            lambda keys: profiles_by_keys(reading, keys)
        )
        self.profiles_of_identifier: Loader[PageWanted, Page[Profile]] = Loader(
            lambda wanted: holder_pages(reading, wanted)
        )
        self.identifiers_by_key: Loader[str, Identifier | None] = Loader(
            lambda keys: identifiers_by_keys(reading, keys)
        )
        self.generic_reasons: Loader[Identifier, str | None] = Loader(
            lambda found: generic_reasons(reading, context.services.policy, found)
        )
        self.identifiers_of_profile: Loader[str, list[Identifier]] = Loader(
            lambda ids: identifiers_of_profiles(reading, ids)
        )
