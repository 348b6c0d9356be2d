// Customers that hold an identifier, a customer once for each of its profiles that do.
// params: key
// mode: fragment
// row: none
MATCH (i:Identifier {key: $key})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER]-(:Profile)-[:BELONGS_TO]->(c:Customer)
WHERE held.closedAt IS NULL
