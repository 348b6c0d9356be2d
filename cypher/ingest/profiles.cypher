// What the graph has of the profiles that a batch touches, with their links, open and closed, their blocking
// keys and the customers they belong to.
// params: keys
// mode: read
// row: found[{key, number, customerId, source, sourceId, firstSeen, lastSeen, traits, digests, digestTimes, totals, replacedAt, deletedAt, customer, household, size, links[{key, firstSeen, lastSeen, count, closedAt}]}] (one row)
UNWIND $keys AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
WITH p, c, seen, i
ORDER BY seen.key
WITH p, c.id AS customer, c.household AS household, c.size AS size,
     collect({key: i.key, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen, count: seen.count,
              closedAt: seen.closedAt}) AS links
WITH {key: p.key, number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId,
      firstSeen: p.firstSeen, lastSeen: p.lastSeen, traits: p.traits, digests: p.digests,
      digestTimes: p.digestTimes, totals: p.totals, replacedAt: p.replacedAt, deletedAt: p.deletedAt,
      customer: customer, household: household, size: size, links: links} AS one
RETURN collect(one) AS found
