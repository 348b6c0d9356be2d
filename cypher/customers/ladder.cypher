// Places of some customers in the orders, for windows of about as many customers each.
// params: numbers
// mode: read
// row: names[], times[]
UNWIND $numbers AS number
MATCH (p:Profile {number: number})
USING INDEX SEEK p:Profile(number)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
RETURN collect(c.byName) AS names, collect(c.bySeen) AS times
