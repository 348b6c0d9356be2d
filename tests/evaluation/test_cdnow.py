"""Stats of CDNOW's first customers, as `make eval-stats` compares all of them."""

from pathlib import Path

from customers.services import Services
from tests.evaluation.cdnow import compare, lines


async def test_stats_are_what_plain_python_makes_of_the_file(
    services: Services, tmp_path: Path
) -> None:
    found = await compare(services, lines(500), tmp_path)
    assert found.wrong == []
    assert (found.customers, found.orders, found.repeated) == (500, 1766, 26)
