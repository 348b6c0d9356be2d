// The golden traits of customers as they are stored.
// params: ids
// mode: read
// row: id, traits
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
RETURN c.id AS id, c.traits AS traits
