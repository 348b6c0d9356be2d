// Customers between two places of an order, with where each stands.
// params: after, before
// names: key = byName | bySeen | byOrders | byPurchase | byTickets
// mode: fragment
// row: c, place
MATCH (c:Customer)
USING INDEX SEEK c:Customer(<key>)
WHERE c.<key> > $after AND c.<key> < $before
WITH c, c.<key> AS place
