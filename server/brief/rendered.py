"""Rendered: data as pages. All of it is escaped, and nothing on a page is asked from elsewhere."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "brief.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The one style is ours, by its hash; there is no script, picture or form.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _day(moment: str) -> str:
    """`2026-10-05` of a time as GraphQL writes it."""
    return moment[:10]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _words(name: str) -> str:
    """`birth date` of `birthDate`; what sources made up stays as it is."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", name)


def _plain(value: object) -> str:
    """A trait's value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": _day, "moment": _moment, "words": _words, "plain": _plain}
    made.globals["style"] = Markup(STYLE)  # noqa: S704 - it is our own file
    return made


_PAGES = _environment()


def brief_page(customer: object) -> str:
    """The page of a customer as `SellerBrief` answers it."""
    page = _PAGES.get_template("brief.html")
    return page.render(customer=customer, now=datetime.now(UTC))


def refused_page(status: int, code: str, text: str, heading: str) -> str:
    """The page that says why there is none."""
    page = _PAGES.get_template("refused.html")
    return page.render(status=status, code=code, text=text, heading=heading)
