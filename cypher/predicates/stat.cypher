// Customers whose stat lies between two bounds, the first of which belongs to it.
// params: from, to
// names: stat = byOrders | byPurchase | byTickets
// mode: fragment
// row: none
coalesce(c.<stat> >= $from AND c.<stat> < $to, false)
