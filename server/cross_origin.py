"""Cross-origin requests: what browsers are told about pages of other sites that may ask."""

from collections.abc import Collection

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

METHODS = ["GET", "POST"]
# What clients of ours send besides what every page may.
HEADERS = ["Authorization", "Content-Type", "X-Api-Key", "X-Cost", "X-Reason", "X-Request-Id"]
EXPOSED = ["Retry-After", "X-Request-Id"]
REMEMBERED_S = 600


def cross_origin(origins: Collection[str]) -> list[Middleware]:
    """Starlette's middleware for exactly these origins; without any there is none.

    Cookies are never among what is allowed: who asks is said by a header.
    """
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=sorted(origins),
            allow_methods=METHODS,
            allow_headers=HEADERS,
            expose_headers=EXPOSED,
            max_age=REMEMBERED_S,
        )
    ]
