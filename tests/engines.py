"""Marks of tests that are about one engine, which all others do not know."""

import pytest

ON_NEO4J = pytest.mark.skipif("'NEO4J_URI' not in os.environ", reason="about a Neo4j alone")
# They start an engine of their own, and would be the same again beside a Neo4j.
ON_EMBEDDED = pytest.mark.skipif("'NEO4J_URI' in os.environ", reason="about embedded engines alone")
