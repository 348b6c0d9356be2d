"""A person, and the home that others may share."""

from dataclasses import dataclass
from datetime import date


@dataclass
class Home:
    """An address, and the telephone that rings there."""

    street: str
    city: str
    state: str
    postal_code: str
    landline: str

    @property
    def address(self) -> dict[str, str]:
        """As traits."""
        return {
            "street": self.street,
            "city": self.city,
            "state": self.state,
            "postalCode": self.postal_code,
        }


@dataclass
class Person:
    """Somebody, and what is theirs alone."""

    number: int
    sex: str
    first_name: str
    last_name: str
    birth_date: date
    home: Home
    mobile: str
    email: str

    @property
    def name(self) -> dict[str, str]:
        """As traits."""
        return {"firstName": self.first_name, "lastName": self.last_name}

    @property
    def born(self) -> dict[str, str]:
        """As a trait."""
        return {"birthDate": self.birth_date.isoformat()}
