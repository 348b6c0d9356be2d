// The customers of whom a source that is not $doubtful says that they hold an identifier.
// params: key, doubtful
// mode: read
// row: customer (id)
MATCH (i:Identifier {key: $key})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)-[:BELONGS_TO]->(c:Customer)
WHERE held.closedAt IS NULL AND NOT p.source IN $doubtful
RETURN DISTINCT c.id AS customer
