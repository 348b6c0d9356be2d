"""Companies as people write them: without legal form, case, accents and punctuation."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# What stands at the end of a company's name and says what it is by law.
LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "aps", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "cv", "de",
        "doo", "ek", "eurl", "ev", "gbr", "gmbh", "inc", "incorporated", "kft", "kg", "kgaa", "lda",
        "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "ohg", "oo", "oy", "oyj", "plc",
        "pte", "pty", "pvt", "sa", "sarl", "sas", "sasu", "sau", "sdn", "se", "sl", "slu", "snc",
        "sp", "spa", "srl", "srls", "sro", "ug", "z", "zrt",
    }
)  # fmt: skip
# Written or left out: Smith & Sons, Smith and Sons.
AND = frozenset({"and", "und"})
# S. A. is SA.
_LETTERS = re.compile(r"\b([a-z])\.\s*(?=[a-z]\b)")
LONG_COMPANY = 100


@lru_cache(maxsize=16_384)
def company_of(text: str) -> str:
    """A company's name as compared: of ``ACME GmbH & Co. KG``, ``acme``.

    Nothing where there is no more than a legal form or a number.
    """
    plain = anyascii(unicodedata.normalize("NFKC", text)).lower()
    plain = re.sub("['`.]", "", _LETTERS.sub(r"\1", plain))
    words = [word for word in re.sub("[^a-z0-9]+", " ", plain).split() if word not in AND]
    while words and words[-1] in LEGAL_FORMS:
        words.pop()
    company = " ".join(words)[:LONG_COMPANY]
    return "" if company.replace(" ", "").isdigit() else company
