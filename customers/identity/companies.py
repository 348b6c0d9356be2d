"""Companies as people write them: without legal form, case, accents and punctuation."""

import hashlib
import re
from functools import lru_cache

from customers.identity.names import COMPANIES, folded, latin

# What stands at the end of a company's name and says what it is by law.
LEGAL_FORMS = COMPANIES | frozenset(
    {
        "a s", "ab", "ag", "aps", "as", "asa", "bhd", "bv", "co", "cv", "doo", "ek", "eurl", "ev",
        "gbr", "haftungsbeschrankt", "incorporated", "kft", "kgaa", "lda", "llp", "lp", "ltda",
        "mbh", "nv", "ohg", "oy", "oyj", "private", "pte", "pty", "pvt", "sa", "sa de cv", "sarl",
        "sas", "sasu", "sau", "sdn", "se", "sl", "slu", "snc", "sp z oo", "spolka z oo", "srls",
        "sro", "ug", "zrt",
    }
)  # fmt: skip
# What stands before it.
BEFORE = frozenset({"firma", "ooo", "oao", "sarl", "the", "zao"})
# Written or left out: Smith & Sons, Smith and Sons.
AND = frozenset({"and", "et", "und", "y"})
MOST_WORDS = max(len(form.split()) for form in LEGAL_FORMS)
# S. A. is SA. A spa is no S.p.A.
_LETTERS = re.compile(r"\b([a-z])\.\s*(?=[a-z]\b)")
_SPA = re.compile(r"\bS\.\s?p\.\s?A\b\.?|\bSpA\b")
# Student/in, Schüler*in
_IN = re.compile(r"[/*:_]-?in\b")
LONG_COMPANY = 100


@lru_cache(maxsize=16_384)
def plain_company(text: str) -> str:
    """A company's name in plain words, with its legal form; ä and ae are a."""
    plain = latin(_SPA.sub(" ", text))
    plain = re.sub("['`]", "", _LETTERS.sub(r"\1", _IN.sub("in", plain)))
    return folded(" ".join(re.sub("[^a-z0-9]+", " ", plain).split()))


@lru_cache(maxsize=16_384)
def company_of(text: str) -> str:
    """A company's name as compared: of ``ACME GmbH & Co. KG``, ``acme``.

    Nothing where there is no more than a legal form, a letter or a number.
    """
    words = plain_company(text).split()
    words = [*words[:1], *(word for word in words[1:-1] if word not in AND), *words[1:][-1:]]
    while form := next(
        (n for n in range(MOST_WORDS, 0, -1) if " ".join(words[-n:]) in LEGAL_FORMS), 0
    ):
        del words[-form:]
    while len(words) > 1 and words[0] in BEFORE:
        del words[0]
    company = " ".join(words)
    if len(set(company)) < len("ab") or company.replace(" ", "").isdigit():
        return ""
    if len(company) <= LONG_COMPANY:
        return company
    return hashlib.blake2b(company.encode(), digest_size=LONG_COMPANY // 4).hexdigest()
