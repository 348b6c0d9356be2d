// Profiles by key, with the customer they belong to.
// params: keys
// mode: read
// row: wanted, number, customerId, source, sourceId, firstSeen, lastSeen, traits, since, customer, version
UNWIND $keys AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[b:BELONGS_TO]->(c:Customer)
RETURN wanted, p.number AS number, p.customerId AS customerId, p.source AS source, p.sourceId AS sourceId,
       p.firstSeen AS firstSeen, p.lastSeen AS lastSeen, p.traits AS traits, b.since AS since,
       c.id AS customer, c.version AS version
