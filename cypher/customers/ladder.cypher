// Places of some customers in the orders, for windows of about as many customers each.
// params: numbers
// mode: read
// row: byName[], bySeen[], byOrders[], byPurchase[], byTickets[]
UNWIND $numbers AS number
MATCH (p:Profile {number: number})
USING INDEX SEEK p:Profile(number)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
RETURN collect(c.byName) AS byName, collect(c.bySeen) AS bySeen, collect(c.byOrders) AS byOrders,
       collect(c.byPurchase) AS byPurchase, collect(c.byTickets) AS byTickets
