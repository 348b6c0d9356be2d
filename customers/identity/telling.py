"""Telling: an account as it is shown to a caller, with names, values, times and sentences. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from customers.identity.account import Account, RivalTold, StepTold
from customers.identity.compared import said
from customers.identity.evidence import VETO, Evidence, namespace_of
from customers.identity.explanation import (
    BitPiece,
    EvidenceStep,
    Explanation,
    Reason,
    ResolutionStep,
    Rival,
    Side,
    Sighting,
)
from customers.identity.partition import FLOOD
from customers.identity.policy import OURS
from customers.identity.replay import Hop, Replay
from customers.identity.shown import shown_identifier, shown_trait
from customers.identity.supplies import supplies
from customers.identity.weighed import Says, Weighed
from customers.identity.wording import Wording, bits, listed
from customers.ids import profile_id
from customers.principal import Principal
from customers.traits import loads
from cypher import Row

# Profiles of a cluster whose ids are shown.
MOST_PROFILES = 20
# What leads from one to the other where a person joined them.
DECISION = "decision"
# Of what would make two one, so much is told in the text.
TOLD = 3


@dataclass(frozen=True, slots=True)
class Telling:
    """Shows what a replay found; `rows` are profiles by key, as `identity/links` brings them.

    `as_of` is the recorded time of which it is; None is now.
    """

    replay: Replay
    words: Wording
    principal: Principal
    rows: Mapping[str, Row]
    as_of: int | None = None

    def explanation(self, found: Account) -> Explanation:
        """Why two are one customer, or why not."""
        customer, other = (self.replay.members[key].customer for key in (found.a, found.b))
        linked = customer == other
        up_to_date = self.replay.agrees()
        shown = self._one(found) if found.apart is None else self._two(found)
        if not up_to_date:
            has = "one customer" if linked else "two customers"
            differs = NOT_YET if self.as_of is None else NOT_THEN
            shown = replace(shown, text=f"{shown.text} {differs.format(has)}")
        return replace(
            shown,
            linked=linked,
            customer=customer if linked else None,
            up_to_date=up_to_date,
            as_of=self.as_of,
        )

    def _one(self, found: Account) -> Explanation:
        steps = [self.step(told) for told in found.steps]
        a, b = self._name(found.a), self._name(found.b)
        return Explanation(
            linked=True,
            reason=found.reason,
            text=self.words.one_customer(a, b, steps) if steps else f"{a} is one profile.",
            needed=self.replay.policy.merge_bits,
            # What brought the two together came last.
            score=steps[-1].score if steps else None,
            bits=steps[-1].bits if steps else (),
            path=[self._hop(hop) for hop in found.hops],
            steps=steps,
        )

    def _two(self, found: Account) -> Explanation:
        if found.apart is None or found.sides is None:
            raise ValueError("these two are one")
        shown = [self.piece(one) for one in found.weighed]
        weighed = [one for one in shown if one.bits is not None]
        veto = next((one for one in shown if one.bits is None), None)
        rivals = [self._rival(one) for one in found.rivals]
        sides = self._side(found.sides.one), self._side(found.sides.other)
        a, b = self._name(found.a), self._name(found.b)
        wholes = sides[0].name, sides[1].name
        of = "" if wholes == (a, b) else f" ({listed(wholes)})"
        parts = [f"{a} and {b} are two customers{of}:"]
        supply: list[str] = []
        known = found.apart.one.known, found.apart.other.known
        if veto is not None:
            parts.append(f"{self.words.excluded(veto)}.")
        elif found.reason is Reason.NOTHING_SHARED:
            parts.append("nothing that links leads from one to the other;")
        if found.apart.score is not None:
            parts.append(self.words.sum(weighed, found.apart.score))
        if found.reason is Reason.FLOODED:
            parts.append(
                f"More than {FLOOD} kinds of profiles that are not trusted are in their "
                "component: none of them is compared with another."
            )
        if found.reason in (Reason.TOO_LITTLE, Reason.NOTHING_SHARED):
            would = supplies(*known, self.replay.people, self.replay.policy)
            supply = [self.words.supply(one) for one in would]
            if supply:
                parts.append(f"It would take {listed(supply[:TOLD], 'or')}.")
        if found.reason is Reason.NOTHING_SHARED:
            keys = list(self._blocking((a, b), known))
            parts += [f"They have no blocking key in common: {listed(keys)}."] if keys else []
        if rivals:
            parts.append(self._held(found, rivals, sides))
        return Explanation(
            linked=False,
            reason=found.reason,
            text=" ".join(parts),
            needed=self.replay.policy.merge_bits,
            score=found.apart.score,
            bits=weighed,
            veto=veto,
            would_supply=supply,
            rivals=rivals,
        )

    def _held(self, found: Account, rivals: Sequence[Rival], sides: tuple[Side, Side]) -> str:
        names = self.words.rivals(rivals)
        if found.reason is Reason.TORN:
            torn = self._side(found.torn)
            other = sides[1] if torn.first == sides[0].first else sides[0]
            return (
                f"But {names} has as much with {torn.name}, and is not {other.name}: "
                f"{torn.name} joins neither while they are less than "
                f"{bits(self.replay.policy.tie_bits)} bits apart."
            )
        if found.reason is Reason.ANOTHERS:
            return f"But what they share belongs to whoever used it last: {names}."
        return f"But with them {names} would join, who exclude each other: none does."

    def _blocking(self, names: tuple[str, str], known: tuple[Evidence, Evidence]) -> Iterator[str]:
        for name, key in self.replay.policy.blocking.items():
            lacking = {
                who: [
                    *(field for field in key.of if field not in one.fields),
                    *(key.any if one.fields.keys().isdisjoint(key.any) else ()),
                ]
                for who, one in zip(names, known, strict=True)
            }
            yield self.words.blocking(name, lacking)

    def step(self, told: StepTold) -> ResolutionStep:
        """A step and the sentence about it."""
        step = ResolutionStep(
            number=told.step.number,
            alike=told.step.alike,
            score=told.step.score,
            one=self._side(told.sides.one),
            other=self._side(told.sides.other),
            bits=[self.piece(one) for one in told.weighed],
            text="",
            decision=told.step.decision,
        )
        return replace(step, text=self.words.joined(step))

    def piece(self, one: Weighed) -> BitPiece:
        """A piece of evidence with what each side says."""
        return BitPiece(
            what=one.about,
            rule=one.rule,
            bits=None if one.bits == VETO else one.bits,
            ours=[self._sighting(one, says) for says in one.ours],
            theirs=[self._sighting(one, says) for says in one.theirs],
            identifier=one.identifier,
            people=one.people,
        )

    def _sighting(self, one: Weighed, says: Says) -> Sighting:
        key, value = says
        if one.held:
            return self._link(key, value)
        member = self.replay.members[key]
        found = [
            text
            for text in said(one.about, loads(member.traits), self.replay.policy)
            if text.value == value
        ]
        sighting = self._profile(key)
        if not found:
            return sighting
        newest = max(found, key=lambda text: (text.at, text.text))
        shown = shown_trait(self.principal, newest.trait, newest.text)
        return replace(sighting, value=shown, last_seen=newest.at)

    def _link(self, key: str, identifier: str) -> Sighting:
        """A profile as it holds an identifier; of a blocking key the value is nobody's business."""
        sighting = self._profile(key)
        link = next((one for one in self.rows[key]["links"] if one["key"] == identifier), None)
        if link is None:
            return sighting
        return replace(
            sighting,
            value=shown_identifier(self.principal, namespace_of(identifier), link["value"]),
            first_seen=link["firstSeen"],
            last_seen=link["lastSeen"],
        )

    def _profile(self, key: str) -> Sighting:
        member = self.replay.members[key]
        return Sighting(profile_id(member.customer_id), member.source, self._source_id(key))

    def _source_id(self, key: str) -> str:
        return self.principal.masks.source_id(self.rows[key]["sourceId"])

    def _name(self, key: str) -> str:
        return self._profile(key).name

    def _hop(self, hop: Hop) -> EvidenceStep:
        namespace = namespace_of(hop.via)
        return EvidenceStep(
            via=namespace.removeprefix(OURS) or DECISION,
            identifier=None if namespace.startswith(OURS) else hop.via or None,
            one=self._link(hop.one, hop.via),
            other=self._link(hop.other, hop.via),
        )

    def _side(self, keys: Sequence[str]) -> Side:
        members = [self.replay.members[key] for key in keys[:MOST_PROFILES]]
        ids = [profile_id(one.customer_id) for one in members]
        return Side(self._profile(keys[0]), ids, len(keys))

    def _rival(self, one: RivalTold) -> Rival:
        customer = self.replay.members[one.profiles[0]].customer
        return Rival(self._side(one.profiles), customer, one.score)


NOT_THEN = (
    "By then the graph had them as {}: what is told here goes by what the profiles say, how many "
    "people an identifier has and the policy as they are now."
)
NOT_YET = (
    "The graph still has them as {}: it was decided by another policy, or waits for the background."
)
