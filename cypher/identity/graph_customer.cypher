// The profiles of a customer by any id it ever had, as the start of an identity graph.
// params: id, most
// mode: read
// row: number, customerId, source, sourceId, firstSeen, lastSeen, traits, since, customer, version, links[]
MATCH (anchor:Profile {customerId: $id})
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH coalesce(heir, anchor) AS known
MATCH (known)-[:BELONGS_TO]->(c:Customer)
MATCH (c)<-[b:BELONGS_TO]-(p:Profile)
WITH p, b, c
ORDER BY p.number
LIMIT $most
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER]->(j:Identifier)
WHERE seen.closedAt IS NULL
WITH p, b, c, collect({key: j.key, namespace: j.namespace, value: j.value, people: j.people, generic: j.generic,
     nodeFirstSeen: j.firstSeen, nodeLastSeen: j.lastSeen, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen,
     count: seen.count}) AS links
RETURN p.number AS number, p.customerId AS customerId, p.source AS source, p.sourceId AS sourceId,
       p.firstSeen AS firstSeen, p.lastSeen AS lastSeen, p.traits AS traits, b.since AS since,
       c.id AS customer, c.version AS version, links
ORDER BY number
