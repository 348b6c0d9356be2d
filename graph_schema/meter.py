"""Meter: what one operation costs its caller."""

from dataclasses import dataclass

from graphql import GraphQLError

from customers.principal import Principal
from graph_schema.cost import Estimate
from graph_schema.rules import REFUSED_POINTS, Rules


@dataclass(slots=True)
class Meter:
    """What one operation costs its caller; a read that is repeated costs once."""

    rules: Rules
    caller: Principal
    estimate: Estimate | None = None
    left: int | None = None
    # That there are no points left costs none.
    limited: bool = False

    async def charge(self, estimate: Estimate) -> None:
        """Take the price of an operation.

        Raises:
            GraphQLError: it is too dear, or the caller has spent too much.
        """
        if self.estimate is not None:
            return
        self._check(estimate)
        if self.rules.budget is not None:
            self.limited = True
            self.left = await self.rules.budget.spend(self.caller, estimate.points)
            self.limited = False
        self.estimate = estimate

    async def charge_refused(self) -> None:
        """Take what it costs to find an operation invalid.

        Raises:
            GraphQLError: the caller has spent too much.
        """
        if self.estimate is None and not self.limited and self.rules.budget is not None:
            await self.rules.budget.spend(self.caller, REFUSED_POINTS)

    def report(self) -> dict[str, int | None] | None:
        """As `extensions.cost` has it."""
        if self.estimate is None:
            return None
        return {
            "estimated": self.estimate.points,
            "maximum": self.rules.max_cost,
            "remaining": self.left,
        }

    def _check(self, estimate: Estimate) -> None:
        if estimate.listed > self.rules.max_listed:
            raise GraphQLError(
                f"The answer may have {estimate.listed:,} objects on one way through its lists, "
                f"and at most {self.rules.max_listed:,} are given: ask for smaller pages.",
                extensions={"code": "LIST_BUDGET_EXCEEDED"},
            )
        if estimate.points > self.rules.max_cost:
            raise GraphQLError(
                f"The operation costs {estimate.points:,} points, and at most "
                f"{self.rules.max_cost:,} are possible: ask for smaller pages, or less at a time.",
                extensions={
                    "code": "COST_EXCEEDED",
                    "cost": estimate.points,
                    "maximum": self.rules.max_cost,
                },
            )
