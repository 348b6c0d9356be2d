"""The application: routes, middleware, and the services that live as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from customers.identity.background import background
from customers.services import Services, open_services
from graph_schema.http import Endpoint
from server.allowed_hosts import AllowedHosts
from server.authentication import Authentication
from server.body_limit import DeclaredSize, too_large
from server.brief.page import BriefPage
from server.cross_origin import cross_origin
from server.graphiql.files import file
from server.graphiql.page import page
from server.health import livez, readyz
from server.metrics import Metrics, Requests, metrics_page
from server.request_id import RequestIds
from server.rules import limits_of, origins_of
from server.secret import secret_of
from server.security_headers import SecurityHeaders
from server.settings import Settings

NOT_FOUND, METHOD_NOT_ALLOWED, BODY_TOO_LARGE = 404, 405, 413


def create_app(settings: Settings) -> Starlette:
    """The application; its lifespan opens `app.state.services`."""
    metrics = Metrics()
    routes = [
        *([] if settings.production else [Route("/", page), Route("/graphiql/{name}", file)]),
        Route("/livez", livez),
        Route("/readyz", readyz),
        *([Route("/metrics", metrics_page)] if settings.metrics else []),
    ]

    paths = {"/graphql", *(route.path for route in routes)}

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services(
            settings.connection(), secret_of(settings), settings.policy_text()
        ) as services:
            app.state.services = services
            services.graph.watcher = metrics
            async with background(services):
                yield
                await graphql.close()
                await authentication.close()

    async def refused(request: Request, problem: Exception) -> Response:
        return _refused(request, problem, settings)

    app = Starlette(
        lifespan=lifespan,
        # Not Starlette(max_body_size=…), which answers in plain text around everything below.
        middleware=[
            Middleware(SecurityHeaders, settings.production),
            Middleware(Requests, metrics, paths),
            Middleware(RequestIds, paths),
            Middleware(AllowedHosts, settings.hosts),
            *cross_origin(origins_of(settings)),
            Middleware(DeclaredSize, settings.max_body_bytes),
            Middleware(RequestBodyLimitMiddleware, settings.max_body_bytes),
        ],
        exception_handlers={HTTPException: refused},
    )

    def services_of() -> Services:
        services: Services = app.state.services
        return services

    authentication = Authentication(settings, services_of)
    limits = limits_of(settings)
    graphql = Endpoint(services_of, limits, authentication)
    brief = BriefPage(services_of, limits, authentication)
    app.state.graphql, app.state.metrics = graphql, metrics
    app.state.authentication = authentication
    # To `/graphql/` it would redirect with an address of its own making, and as http.
    app.router.redirect_slashes = False
    app.router.routes += [
        *routes,
        Route("/graphql", graphql, name="graphql"),
        WebSocketRoute("/graphql", graphql),
        Route("/customers/{id}/brief", brief.page),
    ]
    return app


def _refused(request: Request, problem: Exception, settings: Settings) -> Response:
    """What the routes refuse, in JSON and with what to do instead."""
    assert isinstance(problem, HTTPException)  # noqa: S101 - the handler is for nothing else
    if problem.status_code == BODY_TOO_LARGE:
        return too_large(settings.max_body_bytes)
    page_at = "" if settings.production else ", a page to try it at /"
    texts = {
        NOT_FOUND: f"There is nothing at this path: the API is at /graphql{page_at}.",
        METHOD_NOT_ALLOWED: f"{request.method} is not possible here.",
    }
    return JSONResponse(
        {
            "error": texts.get(problem.status_code, problem.detail),
            "code": _code(problem.status_code),
        },
        problem.status_code,
        headers=problem.headers,
    )


def _code(status: int) -> str:
    return {NOT_FOUND: "NOT_FOUND", METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED"}.get(status, "REFUSED")
