// The golden traits of customers, and what they are found by, as they are stored.
// params: ids
// mode: read
// row: id, traits, card, tokens
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
RETURN c.id AS id, c.traits AS traits, c.card AS card, c.tokens AS tokens
