// What an explanation shows of profiles: their own ids, their customers, and their links to some identifiers.
// params: profiles, identifiers
// mode: read
// row: key, sourceId, customer, version, links[{key, value, firstSeen, lastSeen}]
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER]->(i:Identifier)
WHERE seen.closedAt IS NULL AND i.key IN $identifiers
WITH p, c, collect({key: i.key, value: i.value, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen}) AS links
RETURN p.key AS key, p.sourceId AS sourceId, c.id AS customer, c.version AS version, links
