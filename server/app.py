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
from graph_schema.http import Endpoint, Limits
from server.allowed_hosts import AllowedHosts
from server.authentication import Authentication
from server.body_limit import DeclaredSize, too_large
from server.graphiql.files import file
from server.graphiql.page import page
from server.health import livez, readyz
from server.metrics import Metrics, Requests, metrics_page
from server.request_id import RequestIds
from server.secret import secret_of
from server.security_headers import SecurityHeaders
from server.settings import Settings

NOT_FOUND, METHOD_NOT_ALLOWED, BODY_TOO_LARGE = 404, 405, 413


def create_app(settings: Settings) -> Starlette:
    """The application; its lifespan opens `app.state.services`."""
    metrics = Metrics()
    routes = [
        Route("/", page),
        Route("/graphiql/{name}", file),
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
        return _refused(request, problem, settings.max_body_bytes)

    app = Starlette(
        lifespan=lifespan,
        # Not Starlette(max_body_size=…), which answers in plain text around everything below.
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Requests, metrics, paths),
            Middleware(RequestIds, paths),
            Middleware(AllowedHosts, settings.hosts),
            Middleware(DeclaredSize, settings.max_body_bytes),
            Middleware(RequestBodyLimitMiddleware, settings.max_body_bytes),
        ],
        exception_handlers={HTTPException: refused},
    )

    def services_of() -> Services:
        services: Services = app.state.services
        return services

    limits = Limits(settings.request_timeout, settings.max_connections, settings.batching)
    authentication = Authentication(settings, services_of)
    graphql = Endpoint(services_of, limits, authentication)
    app.state.graphql, app.state.metrics = graphql, metrics
    app.state.authentication = authentication
    app.router.routes += [
        *routes,
        Route("/graphql", graphql, name="graphql"),
        WebSocketRoute("/graphql", graphql),
    ]
    return app


def _refused(request: Request, problem: Exception, limit: int) -> Response:
    """What the routes refuse, in JSON and with what to do instead."""
    assert isinstance(problem, HTTPException)  # noqa: S101 - the handler is for nothing else
    if problem.status_code == BODY_TOO_LARGE:
        return too_large(limit)
    texts = {
        NOT_FOUND: "There is nothing at this path: the API is at /graphql, a page to try it at /.",
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
