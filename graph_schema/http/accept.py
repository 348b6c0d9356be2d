"""Accept: which of the forms that an answer can have a client takes, and likes best."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_schema.http.multipart import Incremental, Multipart
from graph_schema.http.refused import JSON
from graph_schema.http.sse import ServerSentEvents
from graph_schema.http.stream import Form

RESPONSE = "application/graphql-response+json"
# What a client gets that takes anything: the older type, which every client reads.
SINGLE = {RESPONSE: RESPONSE, JSON: JSON, "application/*": JSON, "*/*": JSON}


@dataclass(frozen=True, slots=True)
class Accept:
    """`single` is the type of an answer in one piece, `stream` the form of one in many."""

    single: str | None = None
    stream: Form | None = None


def accepted(header: str | None) -> Accept:
    """What the header asks for; none: anything."""
    ranges = list(_ranges(header or "*/*"))
    single = next((SINGLE[one] for one, _ in ranges if one in SINGLE), None)
    streams = (_form(one, parameters) for one, parameters in ranges)
    return Accept(single, next((form for form in streams if form is not None), None))


def _ranges(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The media ranges that are wanted at all, the most wanted first."""
    found = []
    for place, text in enumerate(header.split(",")):
        range_, *given = (part.strip().lower() for part in text.split(";"))
        pairs = (part.partition("=") for part in given)
        parameters = {name.strip(): value.strip(" \"'") for name, _, value in pairs}
        if weight := _weight(parameters.get("q", "1")):
            found.append((-weight, place, range_, parameters))
    for _, _, range_, parameters in sorted(found, key=lambda one: one[:2]):
        yield range_, parameters


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def _form(range_: str, parameters: dict[str, str]) -> Form | None:
    if range_ == "text/event-stream":
        return ServerSentEvents()
    if range_ == "multipart/mixed":
        return Multipart() if "subscriptionspec" in parameters else Incremental()
    return None
