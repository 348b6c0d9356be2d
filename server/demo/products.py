"""Products that the demo's shop sells."""

import random
from dataclasses import dataclass
from typing import Any

CURRENCY = "AUD"
_QUANTITIES, _QUANTITY_WEIGHTS = (1, 2, 3), (80, 15, 5)
_LINES, _LINE_WEIGHTS = (1, 2, 3), (65, 25, 10)


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `cents` is its price in Australian cents."""

    key: str
    name: str
    category: str
    cents: int

    def seen(self) -> dict[str, Any]:
        """The line of a page view, as the import format has it."""
        return {"key": self.key, "name": self.name, "category": self.category}

    def line(self, quantity: int) -> dict[str, Any]:
        """The line of an order."""
        return self.seen() | {"quantity": quantity, "amount": self.cents * quantity / 100}


PRODUCTS = (
    Product("tea-01", "Daintree black tea", "Tea", 1450),
    Product("tea-02", "Lemon myrtle tea", "Tea", 1290),
    Product("tea-03", "Green tea, 100 bags", "Tea", 990),
    Product("cof-01", "Espresso beans, 1 kg", "Coffee", 4200),
    Product("cof-02", "Filter coffee, 250 g", "Coffee", 1600),
    Product("cof-03", "Cold brew, six cans", "Coffee", 2700),
    Product("pot-01", "Teapot, one litre", "Kitchen", 5490),
    Product("pot-02", "Burr grinder", "Kitchen", 18900),
    Product("pot-03", "Espresso machine", "Kitchen", 79900),
    Product("pot-04", "Keep cup", "Kitchen", 2995),
    Product("bis-01", "Wattleseed biscuits", "Food", 850),
    Product("bis-02", "Macadamia shortbread", "Food", 1120),
)


def basket(draw: random.Random) -> list[tuple[Product, int]]:
    """Different products and how many of each."""
    lines = draw.choices(_LINES, _LINE_WEIGHTS)[0]
    chosen = draw.sample(PRODUCTS, lines)
    return [(one, draw.choices(_QUANTITIES, _QUANTITY_WEIGHTS)[0]) for one in chosen]
