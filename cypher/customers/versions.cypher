// The versions of customers, to see whether an answer made of several reads still holds.
// params: ids
// mode: read
// row: id, version
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
RETURN c.id AS id, c.version AS version
