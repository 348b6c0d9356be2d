// Profiles by the customer ids they were given, with the customer they belong to.
// params: ids
// mode: read
// row: number, customerId, source, sourceId, firstSeen, lastSeen, traits, since, customer, version
UNWIND $ids AS wanted
MATCH (p:Profile {customerId: wanted})
USING INDEX SEEK p:Profile(customerId)
MATCH (p)-[b:BELONGS_TO]->(c:Customer)
RETURN p.number AS number, p.customerId AS customerId, p.source AS source, p.sourceId AS sourceId,
       p.firstSeen AS firstSeen, p.lastSeen AS lastSeen, p.traits AS traits, b.since AS since,
       c.id AS customer, c.version AS version
