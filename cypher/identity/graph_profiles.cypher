// What an identity graph shows of profiles, given rows of `p`, its tie `b` and its customer `c`: all links that were
// open as of a recorded time. `turned` has the times at which a link closed and opened again.
// params: asOf
// mode: fragment
// row: number, customerId, source, sourceId, firstSeen, lastSeen, traits, since, customer, version, links[]
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER]->(j:Identifier)
WHERE seen.recordedAt <= $asOf AND CASE WHEN seen.turned IS NULL
  THEN seen.closedAt IS NULL OR seen.closedAt > $asOf
  ELSE size([at IN seen.turned WHERE at <= $asOf]) % 2 = 0 END
WITH p, b, c, collect({key: j.key, namespace: j.namespace, value: j.value, people: j.people, generic: j.generic,
     nodeFirstSeen: j.firstSeen, nodeLastSeen: j.lastSeen, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen,
     count: seen.count}) AS links
RETURN p.number AS number, p.customerId AS customerId, p.source AS source, p.sourceId AS sourceId,
       p.firstSeen AS firstSeen, p.lastSeen AS lastSeen, p.traits AS traits, b.since AS since,
       c.id AS customer, c.version AS version, links
ORDER BY number
