// One hop of an identity graph: profiles that hold any of these identifiers, with every link of theirs.
// At most $most profiles; generic identifiers are shown at the edge and never crossed.
// params: identifiers, most
// mode: read
// row: number, customerId, source, sourceId, firstSeen, lastSeen, traits, since, customer, version, links[]
UNWIND $identifiers AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)
WHERE held.closedAt IS NULL
WITH DISTINCT p
ORDER BY p.number
LIMIT $most
MATCH (p)-[b:BELONGS_TO]->(c:Customer)
MATCH (p)-[seen:HAS_IDENTIFIER]->(j:Identifier)
WHERE seen.closedAt IS NULL
WITH p, b, c, collect({key: j.key, namespace: j.namespace, value: j.value, people: j.people, generic: j.generic,
     nodeFirstSeen: j.firstSeen, nodeLastSeen: j.lastSeen, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen,
     count: seen.count}) AS links
RETURN p.number AS number, p.customerId AS customerId, p.source AS source, p.sourceId AS sourceId,
       p.firstSeen AS firstSeen, p.lastSeen AS lastSeen, p.traits AS traits, b.since AS since,
       c.id AS customer, c.version AS version, links
ORDER BY number
