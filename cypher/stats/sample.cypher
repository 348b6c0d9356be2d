// By what the customers of some numbers are found who bought or got something back: their last purchase, their orders
// and what they spent in their main currency. A number that is no customer's gives nothing.
// params: numbers
// mode: read
// row: found[{purchase, orders, spend}] (one row)
UNWIND $numbers AS wanted
MATCH (p:Profile {number: wanted})
USING INDEX SEEK p:Profile(number)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WHERE c.number = wanted AND size(c.spends) > 0
WITH {purchase: c.byPurchase, orders: c.byOrders, spend: c.spends[0]} AS one
RETURN collect(one) AS found
