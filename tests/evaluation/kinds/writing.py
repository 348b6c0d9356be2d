"""How the same thing gets written differently: names, dates, mail addresses and numbers."""

import random
import unicodedata

GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
PLAIN = str.maketrans({"ø": "o", "ł": "l", "Ł": "L", "æ": "ae", "ß": "ss", "đ": "d"})
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "r": "t", "l": "k", "t": "y"}


def without_accents(name: str) -> str:
    """``Núñez`` as ``Nunez``."""
    parts = unicodedata.normalize("NFD", name.translate(PLAIN))
    return "".join(one for one in parts if not unicodedata.combining(one))


def german(name: str) -> str:
    """``Müller`` as ``Mueller``; other accents go."""
    return without_accents(name.translate(GERMAN))


def joined(name: str) -> str:
    """``O'Brien`` as ``OBrien``, ``van der Berg`` as ``vanderBerg``."""
    return "".join(one for one in name if one not in "'’ -")


def spaced(name: str) -> str:
    """``Jean-Pierre`` as ``Jean Pierre``."""
    return name.replace("-", " ").replace("'", " ")


def half(name: str) -> str:
    """``Anna Maria`` as ``Anna``, ``Weber-Schulz`` as ``Weber``; short particles stay."""
    first, _, rest = name.replace("-", " ").partition(" ")
    return first if rest and len(first) > 3 else name


def slip(name: str, draw: random.Random) -> str:
    """One letter dropped, doubled, hit beside or swapped with the next."""
    if len(name) < 4:
        return name
    place = draw.randrange(1, len(name) - 1)
    before, here, after = name[:place], name[place], name[place + 1 :]
    return draw.choice(
        [
            before + after,
            before + here + here + after,
            before + NEIGHBOURS.get(here, "e") + after,
            before + after[0] + here + after[1:],
        ]
    )


def day_for_month(iso: str) -> str:
    """``1980-04-03`` as ``1980-03-04``, where there is such a month."""
    year, month, day = iso.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else iso


def slipped_date(iso: str, draw: random.Random) -> str:
    """The date with one digit of the day or the year wrong, still a date."""
    year, month, day = iso.split("-")
    if draw.random() < 0.5:
        return f"{year}-{month}-{draw.randrange(1, 29):02d}"
    return f"{year[:3]}{draw.randrange(10)}-{month}-{min(int(day), 28):02d}"


def mail(mailbox: str, draw: random.Random) -> str:
    """Capitals; at Gmail dots and tags as well, all of which arrive in one mailbox."""
    name, _, domain = mailbox.partition("@")
    if domain == "gmail.com":
        if draw.random() < 0.35 and len(name) > 3:
            place = draw.randrange(2, len(name) - 1)
            name = f"{name[:place]}.{name[place:]}".replace("..", ".")
        if draw.random() < 0.2:
            name = f"{name}+{draw.choice(['shop', 'news', 'promo', '2024'])}"
    if draw.random() < 0.15:
        return f"{name.title()}@{domain}"
    return f"{name}@{domain}"


def number(phone: str, draw: random.Random) -> str:
    """``+16465550123`` in one of the ways in which Americans write it."""
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    ways = [
        phone, f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}",
        f"{area}.{exchange}.{line}", f"+1 {area} {exchange} {line}", f"1-{area}-{exchange}-{line}",
        f"{area}{exchange}{line}", f"001 {area} {exchange}{line}",
    ]  # fmt: skip
    return draw.choice(ways[:-1] if draw.random() < 0.98 else ways)
