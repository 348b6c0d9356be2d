"""Money: integer minor units beside an ISO 4217 currency code."""

from decimal import ROUND_HALF_EVEN, Decimal

# ISO 4217 currencies whose minor unit is not a hundredth (list of active codes).
_EXPONENTS = {
    currency: digits
    for digits, currencies in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for currency in currencies.split()
}


def exponent(currency: str) -> int:
    """Decimal digits of a currency's minor unit."""
    return _EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units, rounded half to even: 12.5 EUR is 1250."""
    return int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_EVEN))


def to_major(minor: int, currency: str) -> Decimal:
    """The amount as people write it: 1250 of EUR is 12.50."""
    return Decimal(minor).scaleb(-exponent(currency))
