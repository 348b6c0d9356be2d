"""A stream of 400 made-up people through the graph, against the pure partition and the baseline."""

from collections.abc import Iterable
from typing import Any

import pytest

from customers.identity.component import Member, components
from customers.identity.evidence import Evidence, evidence
from customers.identity.partition import partition
from customers.identity.people import Summary, told_by
from customers.identity.policy import Policy
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.traits import Traits, compared, with_values
from tests import baseline
from tests.conftest import Clusters, Ingest
from tests.scoring import Score, score
from tests.synthetic import Stream, stream
