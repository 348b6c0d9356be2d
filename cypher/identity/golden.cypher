// Customers as they are stored.
// params: ids
// mode: read
// row: id, stored{traits, lastSeen, byName, bySeen, …}
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
RETURN c.id AS id, c {.*} AS stored
