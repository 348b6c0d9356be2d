"""Amounts as people write them, in the one style that a map declares."""

import re
from decimal import Decimal
from typing import Literal

Style = Literal["1234.56", "1,234.56", "1234,56", "1.234,56", "1 234,56", "1'234.56"]

SEPARATORS: dict[Style, tuple[str, str]] = {
    "1234.56": ("", r"\."),
    "1,234.56": (",", r"\."),
    "1234,56": ("", ","),
    "1.234,56": (r"\.", ","),
    "1 234,56": (r"[\s\u00a0\u202f]", ","),
    "1'234.56": ("['’]", r"\."),
}
SIGN = r"(?P<sign>[-+−]?)"
MONEY = r"(?:[A-Z]{3}|[^\w\s.,'’()+−-]{1,3}|[A-Z]{1,2}\$|kr\.?|zł|Kč|Fr\.?)"


def _pattern(style: Style) -> re.Pattern[str]:
    group, point = SEPARATORS[style]
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if group else r"\d+"
    number = rf"(?P<whole>{whole})(?:{point}(?P<part>\d+))?"
    return re.compile(
        rf"{SIGN}\s*(?P<before>{MONEY})?\s*{SIGN.replace('sign', 'inner')}\s*{number}"
        rf"\s*(?P<after>{MONEY})?\s*(?P<behind>-?)"
    )


PATTERNS = {style: _pattern(style) for style in SEPARATORS}


class WrongValueError(Exception):
    """A value that is not what the map says, and the reason."""

    def __init__(self, value: object, reason: str) -> None:
        self.value, self.reason = str(value)[:80], reason
        super().__init__(f"{self.value!r} is {reason}")


def amount_of(text: str, style: Style, currency: str | None = None) -> Decimal:
    """The amount; signs of a currency are passed over, brackets or a minus on either side count.

    Raises:
        WrongValueError: it is written in another style, or names another currency than `currency`.
    """
    inside = text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text
    found = PATTERNS[style].fullmatch(inside)
    if found is None:
        raise WrongValueError(text, f"not an amount written as {style} is")
    for unit in (found["before"], found["after"]):
        _agrees(text, unit, currency)
    digits = re.sub(r"\D", "", found["whole"])
    amount = Decimal(f"{digits}.{found['part']}" if found["part"] else digits)
    minus = [found["sign"], found["inner"], found["behind"]]
    negative = inside is not text or any(one in ("-", "−") for one in minus)
    return -amount if negative else amount


def _agrees(text: str, unit: str | None, currency: str | None) -> None:
    """A currency's code or the sign of the euro must not speak of another than the record's."""
    code = {"€": "EUR"}.get(unit or "", unit or "")
    if currency and re.fullmatch("[A-Z]{3}", code) and code != currency:
        raise WrongValueError(text, f"not in {currency}")


def style_of(texts: list[str]) -> Style | None:
    """The style that all of these are written in, the plainest first; None if there is none."""
    return next((style for style in SEPARATORS if all(_fits(text, style) for text in texts)), None)


def _fits(text: str, style: Style) -> bool:
    try:
        amount_of(text, style)
    except WrongValueError:
        return False
    return True
