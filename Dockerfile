# The server without its development tools. docker-compose.yml runs it beside a Neo4j.
FROM python:3.11.13-slim-bookworm AS build
RUN python -m venv /venv
WORKDIR /build
COPY pyproject.toml constraints.txt LICENSE ./
COPY server ./server
COPY graph_schema ./graph_schema
COPY customers ./customers
COPY cypher ./cypher
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.11.13-slim-bookworm
# /data is for the embedded engine, where no NEO4J_URI is set, and for a secret of its own.
RUN useradd --system --uid 10001 --user-group --no-create-home profilegraph \
 && install --directory --owner profilegraph --group profilegraph --mode 0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PROFILE_GRAPH_DATA_DIR=/data \
    PROFILE_GRAPH_LOG_FORMAT=json
WORKDIR /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Migrates when it starts, so it may take a while before the first answer.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["profile-graph"]
CMD ["serve"]
