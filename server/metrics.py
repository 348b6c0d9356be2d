"""Metrics: what Prometheus is told of one server. No label ever holds a value of a customer."""

import platform
import time
from collections.abc import Collection

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from customers.identity.policy_in_force import policy_in_force
from customers.matches.match import open_matches
from customers.services import Services
from cypher import Deadline, ProfileGraphError, Watcher, load
from graph_schema.http import RefusedError
from server.versions import installed

COUNTERS = load("metrics/counters")
PENDING = load("metrics/pending")
# A scraper waits for ten seconds; a database that is away must not take them.
ASK_S = 2.0
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OTHER = "other"
STREAMS = ("text/event-stream", "multipart/mixed")
# What `happened` is told of: the name of its counter, its one label, and what it counts.
EVENTS = {
    "record": ("records", "outcome", "Records that went in: written, or known before."),
    "rejected": ("rejected_records", "code", "Records that did not go in."),
    "refused": ("refused_values", "part", "Values left out of records that went in."),
    "refusal": (
        "database_refusals",
        "code",
        "Attempts that the database refused or broke off; most are made again.",
    ),
    "change": ("changes", "kind", "Changes of who is one customer, made by this process."),
}


class Metrics(Watcher):
    """The metrics of one application, in a registry of their own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = self._seconds(
            "http_request", "HTTP requests until an answer begins.", "path", "status"
        )
        self._operations = self._seconds("operation", "GraphQL operations.", "operation")
        self._statements = self._seconds("statement", "Statements of the database.", "statement")
        self._errors = self._counter("errors", "Errors of GraphQL operations.", "code")
        self._events = {
            what: self._counter(name, text, label) for what, (name, label, text) in EVENTS.items()
        }
        self._in_flight = self._gauge("database_in_flight", "Pieces of work with a connection.")
        self._most = self._gauge("database_in_flight_limit", "As many at once, and no more.")
        self._waiting = self._gauge("database_waiting", "Pieces of work without a connection yet.")
        self._queued = self._gauge("writer_queue_rows", "Records that wait to be written.", "lane")
        self._audit = self._gauge(
            "audit_queue_entries", "Entries of reads that wait to be written."
        )
        self._up = self._gauge("database_up", "1 while the database answers.")
        self._profiles = self._gauge("profiles_numbered", "The number of the newest profile.")
        self._log = self._gauge("change_log_end", "The number of the newest change.")
        self._pending = self._gauge("pending_customers", "Customers that wait for the background.")
        self._matches = self._gauge("open_matches", "Possible matches that await a person.")
        self._policy = self._gauge("policy_version", "The version of the policy in force.")
        self._resolved = self._gauge("policy_resolved", "1 once all is resolved by that policy.")
        build = self._gauge("build_info", "1; what runs.", "version", "python")
        build.labels(installed("profile-graph"), platform.python_version()).set(1)

    def statement(self, name: str, seconds: float) -> None:
        """Time a statement."""
        self._statements.labels(name).observe(seconds)

    def happened(self, what: str, kind: str, count: int = 1) -> None:
        """Count what happened."""
        self._events[what].labels(kind).inc(count)

    def operation(self, name: str, seconds: float, codes: list[str]) -> None:
        """Time an operation and count its errors."""
        self._operations.labels(name).observe(seconds)
        for code in codes:
            self._errors.labels(code).inc()

    def request(self, path: str, status: int, seconds: float) -> None:
        """Time a request; `path` is one of ours or OTHER."""
        self._requests.labels(path, str(status)).observe(seconds)

    async def page(self, services: Services) -> bytes:
        """Everything in the text format, with the state of the graph as it is now."""
        self._look(services)
        try:
            await self._ask(services, Deadline.after(ASK_S))
        except ProfileGraphError:
            self._up.set(0)
        return generate_latest(self._registry)

    def _look(self, services: Services) -> None:
        self._in_flight.set(services.graph.in_flight)
        self._most.set(services.graph.most_in_flight)
        self._waiting.set(services.graph.waiting)
        for lane, rows in services.writer.waiting.items():
            self._queued.labels(lane).set(rows)
        self._audit.set(services.audit.waiting)

    async def _ask(self, services: Services, deadline: Deadline) -> None:
        rows = await services.graph.read(COUNTERS, deadline, keys=["profiles", "changes"])
        numbers = {row["key"]: row["n"] for row in rows}
        self._profiles.set(numbers.get("profiles", 0))
        self._log.set(numbers.get("changes", 0))
        [waiting] = await services.graph.read(PENDING, deadline)
        self._pending.set(waiting["waiting"])
        self._matches.set(await open_matches(services.graph, deadline))
        policy = await policy_in_force(services.graph, deadline)
        self._policy.set(policy["version"] if policy else 0)
        self._resolved.set(policy is None or policy["resolvedAt"] is not None)
        self._up.set(1)

    def _seconds(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(
            f"profile_graph_{name}_seconds", text, labels, buckets=SECONDS, registry=self._registry
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"profile_graph_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"profile_graph_{name}", text, labels, registry=self._registry)


class Requests:
    """Times every request by its path, if that is one of `paths` or leads to a route.

    A stream is timed to its beginning: how long it lasts is its reader's choice.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: Collection[str]) -> None:
        """Wrap `app`."""
        self._app, self._metrics, self._paths = app, metrics, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 0
        streams = False

        def tell() -> None:
            route = getattr(scope.get("route"), "path", OTHER)
            path = scope["path"] if scope["path"] in self._paths else route
            self._metrics.request(path, status, time.perf_counter() - start)

        async def sent(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                streams = (
                    Headers(raw=message["headers"]).get("content-type", "").startswith(STREAMS)
                )
                if streams:
                    tell()
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            if not streams:
                tell()


async def metrics_page(request: Request) -> Response:
    """What Prometheus scrapes."""
    state = request.app.state
    try:
        await state.authentication.check_scraper(request.headers)
    except RefusedError as problem:
        return JSONResponse(
            {"error": str(problem), "code": problem.code}, problem.status, headers=problem.headers
        )
    page = await state.metrics.page(state.services)
    return Response(page, media_type=CONTENT_TYPE_LATEST)
