"""Kinds of streams, each with the traps of its kind; nothing in resolution was tuned for them."""

from tests.evaluation.dataset import Maker
from tests.evaluation.kinds.companies import companies
from tests.evaluation.kinds.dorms import dorms
from tests.evaluation.kinds.few import few
from tests.evaluation.kinds.generations import generations
from tests.evaluation.kinds.marriages import marriages
from tests.evaluation.kinds.namesakes import namesakes
from tests.evaluation.kinds.nicknames import nicknames
from tests.evaluation.kinds.numbers import numbers
from tests.evaluation.kinds.spellings import spellings

KINDS: dict[str, Maker] = {
    "few": few,
    "nicknames": nicknames,
    "generations": generations,
    "companies": companies,
    "marriages": marriages,
    "dorms": dorms,
    "numbers": numbers,
    "spellings": spellings,
    "namesakes": namesakes,
}
