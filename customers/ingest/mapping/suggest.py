"""Suggest: a map for a file, from the names of its columns and a sample of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from customers.ingest.formats.compression import STDIN
from customers.ingest.mapping.cells import text_of
from customers.ingest.mapping.known_columns import part_of, plain
from customers.ingest.mapping.looks import (
    EMAIL,
    MOST,
    PHONE,
    amount_style,
    share,
    split_of,
    time_formats,
)

SAMPLE_ROWS = 500
TRAITS = ("firstName", "middleName", "lastName", "name", "title", "gender", "birthDate", "street",
          "address2", "postalCode", "city", "state", "country", "company")  # fmt: skip
# Any of these tells whose a row is.
WHOSE = ("email", "phone", "mobile", "loyaltyId", "userId", "cookie", "advertisingId", "device")
THINGS = ("userId", "cookie", "advertisingId")
# What happened, by the column that shows it: the type and the name of the interaction.
KINDS = {
    "order": ("track", "Order Completed"),
    "ticket": ("ticket", "Ticket Opened"),
    "campaign": ("email", "Campaign Mail Sent"),
    "event": ("track", "Event"),
    "store": ("visit", "Store Visited"),
}
# The half of it that is read as an e-mail must be one.
HALF = 50


@dataclass(slots=True)
class _Found:
    """The columns by the part of a record that they seem to be, and their sampled values."""

    parts: dict[str, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    values: dict[str, list[object]] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    rows: Sequence[dict[str, str]] = ()

    def first(self, part: str) -> str | None:
        """The first column of a part."""
        return next(iter(self.parts.get(part, ())), None)

    def texts(self, column: str) -> list[str]:
        """Its values as text, without empty ones."""
        return [text_of(value) for value in self.values[column]]


def suggest_map(path: str, columns: Sequence[str], sample: Sequence[Sequence[object]]) -> str:
    """A TOML document that `read_map` takes, with comments where somebody must look."""
    found = _found(columns, sample)
    kind = next((kind for kind in KINDS if kind in found.parts), None)
    lines = [
        f"# A proposal for {_name(path)}, from its first {len(sample)} rows: read it, correct it.",
        "# Lines with 'unsure' are guesses; a column in a line that begins with # is not taken.",
        '# On the right of = is a column; { value = "…" } is the same in every row.',
        "",
        *_head(path, found, kind),
        "",
        *_identifiers(found, kind),
        "",
        *_traits(found, kind),
    ]
    if device := found.first("device"):
        lines += ["", "[device]", f"value = {_quoted(device)}"]
    if kind:
        lines += ["", *_interaction(found, kind)]
    return "\n".join(lines) + "\n"


def _found(columns: Sequence[str], sample: Sequence[Sequence[object]]) -> _Found:
    found = _Found()
    for place, column in enumerate(columns):
        values = [row[place] for row in sample]
        found.values[column] = [
            value.strip() if isinstance(value, str) else value
            for value in values
            if value is not None and str(value).strip()
        ]
    found.rows = [
        {column: text_of(row[place] or "").strip() for place, column in enumerate(columns)}
        for row in sample
    ]
    for column in columns:
        part = _part(column, found)
        if part is None:
            found.rest.append(column)
        else:
            found.parts.setdefault(part, []).append(column)
    return found


def _part(column: str, found: _Found) -> str | None:
    part, texts = part_of(column), found.texts(column)
    if part == "email" and texts and share(texts, EMAIL) < HALF and split_of(texts) is None:
        found.doubts[column] = "few of its values are e-mails"
    if part is None and share(texts, EMAIL) >= MOST:
        found.doubts[column] = "its values look like e-mails"
        return "email"
    if part is None and share(texts, PHONE) >= MOST:
        found.doubts[column] = "its values look like phone numbers"
        return "phone"
    if part == "at" and texts and not time_formats(found.values[column]):
        return None
    return part


def _head(path: str, found: _Found, kind: str | None) -> Iterator[str]:
    source = _quoted(_source(path))
    yield f"source = {source}  # unsure: which system it is from"
    yield from _source_id(found, kind)
    if column := found.first("at"):
        yield from _time("at", column, found)
        yield '# timeZone = "Europe/Berlin"  # unsure: times without a zone of their own are UTC'
    elif kind:
        yield "# unsure: no column says when it happened, so every row happens when it is imported"
    amounts = [text for part in ("total", "line") for c in found.parts.get(part, ())
               for text in found.texts(c)]  # fmt: skip
    if amounts and kind:
        style, doubt = amount_style(amounts)
        unsure = "  # unsure: the amounts can be read in more than one way" if doubt else ""
        yield f'decimal = "{style or "1234.56"}"{unsure}'
    if _grouped(found, kind):
        yield "# Rows that follow each other with the same value are one order."
        yield f"groupBy = {_quoted(found.parts['order'][0])}"


def _source_id(found: _Found, kind: str | None) -> Iterator[str]:
    column = found.first("customer")
    if column is None and kind is None:
        column = found.first("loyaltyId") or found.first("userId")
    if column:
        yield f"sourceId = {_quoted(column)}"
    elif any(part in found.parts for part in WHOSE):
        yield "# No sourceId: a row is known by its identifiers."
    else:
        own = found.first("order") or found.first("ticket") or next(iter(found.values))
        yield f"sourceId = {_quoted(own)}  # unsure: no column tells whose a row is"


def _identifiers(found: _Found, kind: str | None) -> Iterator[str]:
    yield "[identifiers]"
    for namespace, parts in (("email", ("email",)), ("phone", ("phone", "mobile"))):
        columns = [column for part in parts for column in found.parts.get(part, ())]
        if columns:
            yield _identifier(namespace, columns, found)
    phones = [text for part in ("phone", "mobile") for c in found.parts.get(part, ())
              for text in found.texts(c)]  # fmt: skip
    if phones and share(phones, PHONE) < MOST and "country" not in found.parts:
        yield "# unsure: phones without a prefix such as +49 are of the policy's region"
    for namespace in ("loyaltyId", *THINGS):
        if columns := found.parts.get(namespace, []):
            yield _identifier(namespace, columns, found)
    if column := found.first("customer"):
        if kind is None:
            yield f"crmId = {_quoted(column)}  # unsure: if others know this number, too"
        else:
            yield f"# crmId = {_quoted(column)}  # only if it is the number of the CRM"


def _identifier(namespace: str, columns: list[str], found: _Found) -> str:
    texts = [text for column in columns for text in found.texts(column)]
    split = split_of(texts) if namespace == "email" else None
    doubts = [found.doubts[column] for column in columns if column in found.doubts]
    if split:
        value = f"{{ columns = {_list(columns)}, split = {_quoted(split)} }}"
    else:
        value = _quoted(columns[0]) if len(columns) == 1 else _list(columns)
    return f"{namespace} = {value}" + (f"  # unsure: {doubts[0]}" if doubts else "")


def _traits(found: _Found, kind: str | None) -> Iterator[str]:
    yield "[traits]"
    for trait in TRAITS:
        column = found.first(trait)
        if column is None:
            continue
        if trait == "birthDate":
            yield from _time(trait, column, found, more='as = "date", ')
        elif trait == "street" and (number := found.first("houseNumber")):
            yield f'street = {{ columns = {_list([column, number])}, join = " " }}'
        else:
            more = found.parts[trait][1:]
            yield f"{trait} = {_quoted(column)}" + (f"  # unsure: or {more[0]}" if more else "")
    if kind is None:
        used = {*TRAITS, "houseNumber", "email", "phone", "mobile", "loyaltyId", "customer", "at",
                "device", *THINGS}  # fmt: skip
        others = [c for part, cs in found.parts.items() if part not in used for c in cs]
        yield from _left_over([*found.rest, *others])


def _interaction(found: _Found, kind: str) -> Iterator[str]:
    kind_type, name = KINDS[kind]
    own = found.first(kind) if kind in ("order", "ticket") else None
    yield "[interaction]"
    if own:
        yield f"id = {_quoted(own)}"
    yield f'type = {{ value = "{kind_type}" }}'
    event = found.first("event")
    yield f"name = {_quoted(event)}" if event else f'name = {{ value = "{name}" }}'
    if channel := found.first("channel"):
        yield f"channel = {_quoted(channel)}"
    if kind == "order":
        yield f"orderId = {_quoted(str(own))}"
    yield from _money(found, kind)
    yield from _properties(found, kind)
    if sku := found.first("sku") or (found.first("product") if kind == "order" else None):
        yield from _products(found, sku, with_amounts=kind == "order")


def _money(found: _Found, kind: str) -> Iterator[str]:
    total, line = found.first("total"), found.first("line")
    if total:
        yield f"amount = {_quoted(total)}"
    elif line and _grouped(found, kind):
        yield f"amount = {{ column = {_quoted(line)}, sum = true }}  # unsure: of all rows together"
    elif line:
        yield f"amount = {_quoted(line)}"
    else:
        return
    currency = found.first("currency")
    if currency:
        yield f"currency = {_quoted(currency)}"
        return
    texts = found.texts(str(total or line))
    for sign, code in (("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("CHF", "CHF")):
        if any(sign in text for text in texts):
            unsure = "" if sign in "€£CHF" else f"  # unsure: {sign} may be another"
            yield f'currency = {{ value = "{code}" }}{unsure}'
            return
    yield 'currency = { value = "EUR" }  # unsure: no column names the currency'


def _properties(found: _Found, kind: str) -> Iterator[str]:
    taken = ("subject", "campaign", "store", "status")
    yield ""
    yield "[interaction.properties]"
    for part in taken:
        for column in found.parts.get(part, ()):
            yield f"{part if column == found.first(part) else _camel(column)} = {_quoted(column)}"
    used = {*TRAITS, *THINGS, "email", "phone", "mobile", "loyaltyId", "customer", "at", "device",
            "order", "ticket", "total", "line", "currency", "sku", "product", "category",
            "quantity", "channel", "event", "houseNumber", *taken}  # fmt: skip
    spare = [c for part, cs in found.parts.items() if part not in used for c in cs]
    if kind != "ticket":
        spare += found.parts.get("ticket", [])
    if kind != "order":
        spare += [c for part in ("order",) for c in found.parts.get(part, ())]
    yield from _left_over([*found.rest, *spare])


def _products(found: _Found, key: str, *, with_amounts: bool) -> Iterator[str]:
    yield ""
    yield "[[interaction.products]]"
    yield f"key = {_quoted(key)}"
    for name, part in (("name", "product"), ("category", "category"), ("quantity", "quantity")):
        if column := found.first(part):
            yield f"{name} = {_quoted(column)}"
    if with_amounts and (line := found.first("line")):
        doubt = (
            ""
            if "total" in plain(line) or "amount" in plain(line)
            else "  # unsure: of the line, not of one piece?"
        )
        yield f"amount = {_quoted(line)}{doubt}"


def _time(name: str, column: str, found: _Found, more: str = "") -> Iterator[str]:
    forms = time_formats(found.values[column])
    if not forms or forms == ["iso"]:
        doubt = "" if forms else '  # unsure: not written as 2026-11-01; add format = "%d.%m.%Y"'
        plainly = (
            _quoted(column)
            if not more
            else f"{{ column = {_quoted(column)}, {more.rstrip(', ')} }}"
        )
        yield f"{name} = {plainly}{doubt}"
        return
    others = [form for form in forms[1:] if form.replace("%d", "%m") != form]
    doubt = f"  # unsure: or {others[0]}" if others else ""
    yield f"{name} = {{ column = {_quoted(column)}, {more}format = {_quoted(forms[0])} }}{doubt}"


def _grouped(found: _Found, kind: str | None) -> bool:
    """Whether rows that follow each other are of one order."""
    order = found.first("order")
    if kind != "order" or order is None or not ("sku" in found.parts or "product" in found.parts):
        return False
    keys = [row[order] for row in found.rows]
    return any(a and a == b for a, b in pairwise(keys))


def _left_over(columns: Sequence[str]) -> Iterator[str]:
    for column in dict.fromkeys(columns):
        yield f"# {_camel(column)} = {_quoted(column)}"


def _camel(column: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", column))
    return (
        "".join(word.lower() if n == 0 else word.capitalize() for n, word in enumerate(words))
        or "more"
    )


def _quoted(text: str) -> str:
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04x}", inside) + '"'


def _list(columns: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, columns))}]"


def _name(path: str) -> str:
    return "standard input" if path == STDIN else Path(path).name


def _source(path: str) -> str:
    stem = re.sub(r"[^\w-]", "", _name(path).split(".")[0])
    return "crm" if path == STDIN or not stem else stem.lower()[:64]
