// What holds customers together: which of their profiles hold which identifiers and blocking keys that link.
// params: ids
// mode: read
// row: customer, links[{profile (its number), key}]
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[seen:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
WHERE seen.closedAt IS NULL AND NOT i.generic
WITH c.id AS customer, {profile: p.number, key: i.key} AS link
RETURN customer, collect(link) AS links
