"""Rows: what the graph gives a batch as states, and states as what is written of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from customers import kinds, traits
from customers.desk.desk import Desk
from customers.identity.compared import Fields
from customers.identity.component import Held, Member
from customers.identity.corrected import Corrected
from customers.identity.decided import Decided
from customers.identity.people import Summary
from customers.identity.policy import OURS, Policy
from customers.ingest.dealings import CROWD, Bought, Dealings, Offered, Purchases
from customers.ingest.described import NO_DEVICE, device_of
from customers.ingest.prepare import PreparedInteraction, PreparedProduct
from customers.ingest.state import IdentifierState, Link, NewInteraction, PeriodState, ProfileState
from customers.stats.facts import Facts
from cypher import Row


def profile_of(row: Row) -> ProfileState:
    """A profile as the graph has it."""
    return ProfileState(
        key=row["key"],
        number=row["number"],
        customer_id=row["customerId"],
        source=row["source"],
        source_id=row["sourceId"],
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        traits=traits.loads(row["traits"]),
        digests=dict(zip(row["digests"], row["digestTimes"], strict=True)),
        totals=orjson.loads(row["totals"]),
        facts=None if row["facts"] is None else Facts.loads(row["facts"]),
        links={
            link["key"]: Link(link["firstSeen"], link["lastSeen"], link["count"], link["closedAt"])
            for link in row["links"]
            if link["key"] is not None and not link["key"].startswith(OURS)
        },
        keys={
            link["key"]
            for link in row["links"]
            if link["key"] is not None and link["key"].startswith(OURS)
        },
        replaced_at=row["replacedAt"],
        deleted_at=row["deletedAt"],
        customer=row["customer"],
        household=row["household"],
        size=row["size"] or 0,
        decided=tuple(map(Decided.loads, row["decided"] or ())),
        matches=tuple(row["matches"] or ()),
        corrected=tuple(map(Corrected.loads, row["corrected"] or ())),
        desk=None if row["desk"] is None else Desk.loads(row["source"], row["desk"]),
        products=row["products"],
        purchases=purchases_of(row),
    )


def profile_row(one: ProfileState) -> Row:
    """A profile as it is written."""
    return {
        "key": one.key,
        "number": one.number,
        "customerId": one.customer_id,
        "source": one.source,
        "sourceId": one.source_id,
        "firstSeen": one.first_seen,
        "lastSeen": one.last_seen,
        "traits": traits.dumps(one.traits),
        "digests": list(one.digests),
        "digestTimes": list(one.digests.values()),
        "totals": orjson.dumps(one.totals, option=orjson.OPT_SORT_KEYS).decode(),
        "facts": None if one.facts is None else one.facts.dumps(),
        "replacedAt": one.replaced_at,
        "deletedAt": one.deleted_at,
        "products": one.products,
        **purchases_row(one.products, one.purchases),
    }


def purchases_of(row: Row) -> Purchases | None:
    """The purchases that a profile keeps; None where an older version wrote it."""
    if row["bought"] is None:
        return Purchases() if row["products"] == 0 else None
    return Purchases(row["bought"], row["boughtFirst"], row["boughtLast"])


def purchases_row(products: int | None, purchases: Purchases | None) -> Row:
    """The purchases that a profile keeps as they are written; of no product it keeps nothing."""
    if not products or purchases is None:
        return dict.fromkeys(("bought", "boughtFirst", "boughtLast"))
    return {
        "bought": purchases.products,
        "boughtFirst": purchases.firsts,
        "boughtLast": purchases.lasts,
    }


def desk_row(one: ProfileState) -> Row:
    """What the tickets and calls of a profile come to, as it is written."""
    return {"profile": one.key} | (one.desk or Desk(one.source)).row()


def identifier_of(row: Row) -> IdentifierState:
    """An identifier as the graph has it."""
    return IdentifierState(
        key=row["key"],
        namespace=row["namespace"],
        value=row["value"],
        summary=Summary.loads(row["summary"]),
        people=row["people"],
        generic=row["generic"],
        holders=row["holders"],
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        device=device_of(row),
        blocked=row["blockedBy"] is not None,
    )


def identifier_row(one: IdentifierState, more: int) -> Row:
    """An identifier as it is written, with so many more links."""
    return {
        "key": one.key,
        "namespace": one.namespace,
        "value": one.value,
        "summary": one.summary.dumps(),
        "people": one.people,
        "generic": one.generic,
        "firstSeen": one.first_seen,
        "lastSeen": one.last_seen,
        "more": more,
        **(NO_DEVICE if one.device is None else one.device.row()),
    }


def by_profile(rows: Iterable[Row]) -> list[Row]:
    """Links as they are written: those of a profile, which follow each other, in one row."""
    return [
        {"profile": profile, "links": list(links)}
        for profile, links in groupby(rows, key=itemgetter("profile"))
    ]


def link_rows(profile: ProfileState, *, new: bool) -> Iterable[Row]:
    """The links of a profile that are new, or those that changed."""
    for key, link in sorted(profile.links.items()):
        if link.new == new and (new or link.changed):
            yield {
                "key": f"{profile.key}>{key}",
                "profile": profile.key,
                "identifier": key,
                "firstSeen": link.first_seen,
                "lastSeen": link.last_seen,
                "count": link.count,
                "closedAt": link.closed_at,
            }


def key_rows(profile: ProfileState, keys: Iterable[str]) -> Iterable[Row]:
    """Blocking keys of a profile as they are written."""
    for key in sorted(keys):
        yield {"key": f"{profile.key}>{key}", "profile": profile.key, "identifier": key}


def period_of(row: Row) -> PeriodState:
    """A period as the graph has it."""
    return PeriodState(
        row["key"],
        row["profile"],
        row["at"],
        row["count"],
        orjson.loads(row["types"]),
        row["earliest"],
        row["latest"],
        None if row["kinds"] is None else kinds.loads(row["kinds"]),
    )


def period_row(one: PeriodState) -> Row:
    """A period as it is written."""
    return {
        "key": one.key,
        "profile": one.profile,
        "at": one.at,
        "count": one.count,
        "types": orjson.dumps(one.types, option=orjson.OPT_SORT_KEYS).decode(),
        "kinds": None if one.kinds is None else kinds.dumps(one.kinds),
        "earliest": one.earliest,
        "latest": one.latest,
    }


def interaction_row(new: NewInteraction) -> Row:
    """An interaction as it is written."""
    value = new.value
    return {
        "key": value.key,
        "bucket": value.period,
        "type": value.type,
        "name": value.name,
        "at": new.at,
        "channel": value.channel,
        "amount": value.amount,
        "currency": value.currency,
        "orderId": value.order_id,
        "properties": value.properties,
        "device": new.device,
    }


def interaction_of(row: Row) -> NewInteraction:
    """An interaction as the graph has it, which is written again.

    What its lines call the products is not told again: they are called what was told last.
    """
    return NewInteraction(
        row["profile"],
        row["source"],
        row["at"],
        row["device"],
        PreparedInteraction(
            key=row["key"],
            period=row["period"],
            day=row["day"],
            type=row["type"],
            name=row["name"],
            channel=row["channel"],
            amount=row["amount"],
            currency=row["currency"],
            order_id=row["orderId"],
            properties=row["properties"],
            products=tuple(
                PreparedProduct(
                    line["key"], None, line["category"] or None, line["quantity"], line["amount"]
                )
                for line in row["products"]
            ),
        ),
    )


def line_rows(new: NewInteraction) -> Iterable[Row]:
    """What an interaction is about, line by line."""
    for place, line in enumerate(new.value.products):
        yield {
            "key": f"{new.value.key}>{place}",
            "interaction": new.value.key,
            "product": line.key,
            "place": place,
            "quantity": line.quantity,
            "amount": line.amount,
            "category": line.category,
        }


def left_out(policy: Policy) -> str:
    """The sources whose buyers a product does not keep, as it notes them."""
    return "|".join(sorted(policy.doubtful))


def counting(policy: Policy) -> Row:
    """By what the buyers of products are counted, as parameters."""
    return {"crowd": CROWD, "doubtful": policy.doubtful, "leftOut": left_out(policy)}


def product_rows(
    new: Iterable[tuple[int, PreparedInteraction]],
    dealings: Dealings,
    trusted: Mapping[str, tuple[int, int]],
) -> list[Row]:
    """Products as they are written, each once: what lines call them and ask for one, the newest.

    `new` are what happened and when it was said, of equally new words the last in the alphabet.
    `more` is how many profiles have it in their baskets that had not, `again` how many more bought
    it on several days. `buyers` and `sizes` are of those that are `trusted` and bought it for the
    first time: their numbers, and how many products each has in its basket.
    """
    rows: dict[str, Row] = {}
    for at, value in new:
        for line in value.products:
            row = rows.setdefault(line.key, _NO_PRODUCT | {"key": line.key})
            for name, what in (("name", line.name), ("category", line.category)):
                if what is not None and (at, what) > _known(row, name):
                    row |= {name: what, f"{name}At": at}
            if line.amount is not None and line.amount > 0 and line.quantity > 0:
                price, currency = round(line.amount / line.quantity), value.currency
                if (at, price, currency or "") > _known(row, "price", "currency"):
                    row |= {"price": price, "currency": currency, "priceAt": at}
    _count_buyers(rows, dealings.bought.values(), trusted)
    return [rows[key] for key in sorted(rows)]


def _count_buyers(
    rows: Mapping[str, Row], some: Iterable[Bought], trusted: Mapping[str, tuple[int, int]]
) -> None:
    began: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for bought in some:
        if bought.changed:
            rows[bought.product]["more"] += bought.new
            rows[bought.product]["again"] += bought.again - bought.counted
        if bought.times and not bought.known and bought.profile in trusted:
            began[bought.product].append(trusted[bought.profile])
    for key, buyers in began.items():
        rows[key]["buyers"], rows[key]["sizes"] = map(list, zip(*sorted(buyers), strict=True))


def _known(row: Row, name: str, *more: str) -> tuple[Any, ...]:
    """Since when what is known; the empty tuple, which is less than any, where nothing is."""
    at = row[f"{name}At"]
    return () if at is None else (at, *(row[one] or "" for one in (name, *more)))


_NO_PRODUCT: Row = {
    **dict.fromkeys(("name", "nameAt", "category", "categoryAt", "price", "priceAt", "currency")),
    "more": 0,
    "again": 0,
    "buyers": [],
    "sizes": [],
}


def dealings_of(rows: Iterable[Row]) -> Dealings:
    """Dealings as the graph has them."""
    bought: list[Bought] = []
    offered: list[Offered] = []
    for row in rows:
        profile, product = row["profile"], row["product"]
        if row["type"] == "BOUGHT":
            bought.append(
                Bought(
                    profile,
                    product,
                    row["times"],
                    row["quantity"],
                    row["first"],
                    row["last"],
                    frozenset(row["days"]),
                    row["returned"],
                    row["returnedAt"],
                    new=False,
                    changed=False,
                    known=row["times"] > 0,
                    counted=len(row["days"]) > 1,
                )
            )
        else:
            offered.append(
                Offered(
                    profile,
                    product,
                    row["shown"],
                    row["shownAt"],
                    row["accepted"],
                    row["acceptedAt"],
                    row["refused"],
                    row["refusedAt"],
                    new=False,
                    changed=False,
                )
            )
    return Dealings(bought, offered)


def dealing_rows(some: Iterable[Bought | Offered], *, new: bool) -> list[Row]:
    """Dealings as they are written: those of a profile in one row, by their keys."""
    rows: dict[str, dict[str, Row]] = {}
    for one in some:
        if one.new == new and one.changed:
            row = _bought_row(one) if isinstance(one, Bought) else _offered_row(one)
            rows.setdefault(one.profile, {})[one.key] = row
    if new:
        return [
            {"profile": profile, "products": list(found.values())}
            for profile, found in sorted(rows.items())
        ]
    return [
        {"profile": profile, "keys": list(found), "values": found}
        for profile, found in sorted(rows.items())
    ]


def _bought_row(one: Bought) -> Row:
    return {
        "key": one.key,
        "product": one.product,
        "times": one.times,
        "quantity": one.quantity,
        "first": one.first,
        "last": one.last,
        "days": sorted(one.days),
        "returned": one.returned,
        "returnedAt": one.returned_at,
    }


def _offered_row(one: Offered) -> Row:
    return {
        "key": one.key,
        "product": one.product,
        "shown": one.shown,
        "shownAt": one.shown_at,
        "accepted": one.accepted,
        "acceptedAt": one.accepted_at,
        "refused": one.refused,
        "refusedAt": one.refused_at,
    }


def member_of(profile: ProfileState, now: Mapping[str, Held], fields: Fields) -> Member:
    """A profile of the batch as the member of a component that it will be."""
    return Member(
        key=profile.key,
        number=profile.number,
        customer_id=profile.customer_id,
        source=profile.source,
        traits=traits.dumps(profile.traits),
        customer=profile.customer,
        held=tuple(
            now[key].used_at(profile.links[key].last_seen) if key in profile.links else now[key]
            for key in profile.held()
        ),
        household=profile.household,
        size=profile.size,
        seen=profile.last_seen,
        fields=fields,
        facts=profile.facts is not None and bool(profile.facts),
        decided=profile.decided,
        matches=profile.matches,
        corrected=profile.corrected,
    )
