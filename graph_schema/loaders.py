"""Loaders: what resolvers ask for one by one is read together, once an operation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Generic, TypeVar

from aiodataloader import DataLoader

from customers.changes import Change, changes_by_seq
from customers.corrections.correction import Correction, corrections_by_ids
from customers.customer import (
    Customer,
    customers_by_identifiers,
    customers_by_ids,
    identifier_pages,
    profile_pages,
)
from customers.decisions.decision import (
    DecidedProfile,
    Decision,
    decided_pages,
    decisions_by_ids,
    decisions_of_identifiers,
    decisions_of_profiles,
    identifiers_of_decisions,
)
from customers.desk.open import Waits, waits_of_customers
from customers.household import household_members
from customers.identifier import Identifier, identifiers_by_keys
from customers.identity.generic import generic_reasons
from customers.labels.label import Label, labels_by_ids
from customers.matches.match import Match, matches_by_ids, matches_of_customers
from customers.notes.note import Note, NotesWanted, note_pages, notes_by_ids
from customers.page import Page, PageWanted
from customers.past import Moment, past_by_identifiers, past_by_ids
from customers.profile import (
    Profile,
    holder_pages,
    identifiers_of_profiles,
    profiles_by_ids,
    profiles_by_keys,
    profiles_by_source_ids,
)
from customers.recommendation.basket import Product
from customers.recommendation.bought_with import Besides, bought_with, products_by_keys
from customers.recommendation.recommend import RecommendationsWanted, Recommended, recommend
from customers.timeline import Interaction, TimelineWanted, interactions_by_keys, timelines

if TYPE_CHECKING:
    from graph_schema.context import Context

Key = TypeVar("Key")
Value = TypeVar("Value")
# Customers that an identifier names at most; more than a few hold only what is generic.
MOST_HOLDERS = 50

_batches: ContextVar[set[asyncio.Task[None]] | None] = ContextVar("batches", default=None)


@contextmanager
def stopping() -> Iterator[None]:
    """Stop at the end whatever loaders still read: a batch goes on when all who wait have gone."""
    batches: set[asyncio.Task[None]] = set()
    token = _batches.set(batches)
    try:
        yield
    finally:
        _batches.reset(token)
        for one in batches:
            one.cancel()


class Loader(DataLoader[Key, Value], Generic[Key, Value]):
    """A loader over a function that answers many keys in their order."""

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """Read through `read`."""
        super().__init__(max_batch_size=200)
        self._read = read

    async def batch_load_fn(self, keys: list[Key]) -> list[Value]:
        """Answer the keys that were asked for together."""
        batches, task = _batches.get(), asyncio.current_task()
        if batches is None or task is None:
            return list(await self._read(keys))
        batches.add(task)
        try:
            return list(await self._read(keys))
        finally:
            batches.discard(task)


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
        self.identifiers_of_profile: Loader[tuple[str, int | None], list[Identifier]] = Loader(
            lambda wanted: identifiers_of_profiles(reading, wanted)
        )
        self.past_by_id: Loader[Moment, Customer | None] = Loader(
            lambda wanted: past_by_ids(reading, wanted, context.facets, context.services.policy)
        )
        self.past_by_identifier: Loader[Moment, list[Customer]] = Loader(
            lambda wanted: past_by_identifiers(
                reading, wanted, MOST_HOLDERS, context.facets, context.services.policy
            )
        )
        self.labels_by_id: Loader[str, Label | None] = Loader(
            lambda ids: labels_by_ids(reading, ids)
        )
        self.recommendations: Loader[RecommendationsWanted, Recommended] = Loader(
            lambda wanted: recommend(reading, context.services.policy, wanted)
        )
        self.products_by_key: Loader[str, Product | None] = Loader(
            lambda keys: products_by_keys(reading, keys)
        )
        self.bought_with: Loader[tuple[str, int], list[Besides]] = Loader(
            lambda wanted: bought_with(reading, context.services.policy, wanted)
        )
        self.decisions_by_id: Loader[str, Decision | None] = Loader(
            lambda ids: decisions_by_ids(reading, ids)
        )
        self.decisions_of_profile: Loader[str, list[Decision]] = Loader(
            lambda ids: decisions_of_profiles(reading, ids)
        )
        self.decisions_of_identifier: Loader[str, list[Decision]] = Loader(
            lambda keys: decisions_of_identifiers(reading, keys)
        )
        self.profiles_of_decision: Loader[PageWanted, Page[DecidedProfile]] = Loader(
            lambda wanted: decided_pages(reading, wanted)
        )
        self.matches_by_id: Loader[str, Match | None] = Loader(
            lambda ids: matches_by_ids(reading, ids)
        )
        self.matches_of_customer: Loader[str, list[Match]] = Loader(
            lambda ids: matches_of_customers(reading, ids)
        )
        self.identifiers_of_decision: Loader[str, str | None] = Loader(
            lambda ids: identifiers_of_decisions(reading, ids)
        )
        self.notes_by_id: Loader[str, Note | None] = Loader(lambda ids: notes_by_ids(reading, ids))
        self.notes_of_customer: Loader[NotesWanted, Page[Note]] = Loader(
            lambda wanted: note_pages(reading, wanted)
        )
        self.corrections_by_id: Loader[str, Correction | None] = Loader(
            lambda ids: corrections_by_ids(reading, ids)
        )
        self.waits_of_customer: Loader[str, Waits] = Loader(
            lambda ids: waits_of_customers(reading, ids)
        )
