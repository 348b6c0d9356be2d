// Customers whose last purchase, orders and spend in their main currency lie in one of some stretches together.
// params: ranges
// mode: fragment
// row: none
any(one IN $ranges WHERE coalesce(c.byPurchase >= one.purchaseFrom AND c.byPurchase < one.purchaseTo
  AND c.byOrders >= one.ordersFrom AND c.byOrders < one.ordersTo
  AND c.spends[0] >= one.spendFrom AND c.spends[0] < one.spendTo, false))
