"""Origin: which pages may ask. A browser says whose page a request comes from."""

from collections.abc import Collection, Mapping

from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from graph_schema.http.refused import RefusedError


def check_origin(headers: Mapping[str, str], allowed: Collection[str]) -> None:
    """Let through the pages of this server and of origins that are `allowed`, and all programs.

    Raises:
        RefusedError: a page of somebody else.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    # A picture or a script of another page has no Origin, but no program says where it comes from.
    programs = origin is None and site not in ("cross-site", "same-site")
    if programs or site == "same-origin":
        return
    if origin is None:
        raise RefusedError(403, "FOREIGN_ORIGIN", "Other pages may not ask without an Origin.")
    if is_same_origin(origin, headers.get("host")) or normalize_origin(origin) in allowed:
        return
    raise RefusedError(
        403,
        "FOREIGN_ORIGIN",
        "Pages of this origin may not ask here: PROFILE_GRAPH_CORS_ORIGINS lists those that may.",
    )
