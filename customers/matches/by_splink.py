"""By splink: all customers compared, as its model of Fellegi and Sunter does; needs the extra.

How often two others agree (u) is counted in the customers themselves. How often two of one person
do (m) are splink's own defaults: resolution has joined whom it could, so that there are hardly any
such pairs to learn from, and those are not like the others.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from customers.errors import InvalidInputError
from customers.identity.proposed import COLUMNS, Known, Scored, digest

NEEDS = "Proposals are made by splink, which is not installed: pip install 'profile-graph[splink]'"
# How many others a customer is expected to be one person with, before anything is known of it.
DOUBLES = 0.1
# Pairs in which it is counted how often two others agree, chosen by the same number every time.
SAMPLE, SEED = 2_000_000, 1
# Rows that are fetched at once.
FETCHED = 1_000
SCORED = (
    "SELECT id_l, id_r, match_weight, digest_l, digest_r FROM scored "
    "ORDER BY match_weight DESC, id_l, id_r"
)
_COLUMNS = ("id", "digest", *COLUMNS)


class Splink:
    """Customers in a table of DuckDB, and what splink makes of them.

    Raises:
        InvalidInputError: splink is missing.
    """

    def __init__(self) -> None:
        try:
            import duckdb  # noqa: PLC0415 - an extra
            import splink  # noqa: PLC0415
        except ImportError:
            raise InvalidInputError(NEEDS) from None
        # It says at length what it takes defaults for, which is told in the docs.
        logging.getLogger("splink").setLevel(logging.ERROR)
        self.name = f"splink {splink.__version__}"
        self._tables = duckdb.connect(":memory:")
        columns = ", ".join(f"{name} VARCHAR" for name in _COLUMNS)
        self._tables.execute(f"CREATE TABLE customers ({columns})")
        self._count = 0

    def add(self, customers: Iterable[tuple[str, Known]]) -> None:
        """Take in those of whom anything is known."""
        import pyarrow as pa  # noqa: PLC0415 - comes with splink

        told = [
            {"id": customer, "digest": digest(one), **one}
            for customer, one in customers
            if any(one.values())
        ]
        kinds = pa.schema([(name, pa.string()) for name in _COLUMNS])
        rows = pa.Table.from_pylist(told, schema=kinds)
        self._tables.register("more", rows)
        self._tables.execute("INSERT INTO customers SELECT * FROM more")
        self._tables.unregister("more")
        self._count += len(told)

    def scored(self, threshold: float) -> Iterator[Scored]:
        """Pairs of a probability from `threshold` on, the most probable first."""
        return iter(()) if self._count < len(("one", "other")) else self._scored(threshold)

    def _scored(self, threshold: float) -> Iterator[Scored]:
        from splink import DuckDBAPI, Linker  # noqa: PLC0415 - an extra

        table = DuckDBAPI(self._tables).register("customers")
        linker = Linker(table, self._settings(), log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE, seed=SEED)
        found = linker.inference.predict(threshold_match_probability=threshold)
        found.as_duckdbpyrelation().create("scored")
        return _fetched(self._tables.execute(SCORED))

    def _settings(self) -> Any:  # noqa: ANN401 - of an extra
        import splink.comparison_library as by  # noqa: PLC0415 - an extra
        from splink import SettingsCreator, block_on  # noqa: PLC0415

        return SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="id",
            additional_columns_to_retain=["digest"],
            retain_matching_columns=False,
            probability_two_random_records_match=2 * DOUBLES / (self._count + 1),
            blocking_rules_to_generate_predictions=[
                block_on("last_name", "birth_date"),
                block_on("first_name", "birth_date"),
                block_on("first_name", "postal_code"),
                block_on("last_name", "postal_code"),
                block_on("split_part(email, '@', 1)"),
                block_on("right(phone, 7)"),
            ],
            comparisons=[
                by.NameComparison("first_name"),
                by.NameComparison("last_name"),
                by.DateOfBirthComparison("birth_date", input_is_string=True),
                by.ExactMatch("postal_code"),
                by.ExactMatch("city"),
                by.EmailComparison("email"),
                by.LevenshteinAtThresholds("phone", [1]),
            ],
        )


def _fetched(rows: Any) -> Iterator[Scored]:  # noqa: ANN401 - of an extra
    while some := rows.fetchmany(FETCHED):
        for one, other, weight, ours, theirs in some:
            yield Scored(one, other, weight, ours, theirs)
