// Customers whose stat lies between two bounds.
// params: from, to
// names: stat = byOrders | byPurchase | byTickets
// mode: fragment
// row: none
MATCH (c:Customer)
USING INDEX SEEK c:Customer(<stat>)
WHERE c.<stat> >= $from AND c.<stat> < $to
