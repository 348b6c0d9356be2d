// What the graph has of what a batch touches: its profiles with their links, open and closed, their blocking keys
// and the customers they belong to; identifiers, those asked for and all that the profiles hold; periods; which
// interactions are there already, and whose; and of products, what the profiles bought and were offered.
// Each part names the one before, so that Neo4j runs them one after the other and not as a product.
// No map projection inside a map: the embedded engine returns the inner one alone.
// params: profiles, identifiers, periods, interactions, dealings
// mode: read
// row: profiles[{key, number, customerId, source, sourceId, firstSeen, lastSeen, traits, digests, digestTimes, totals, facts, replacedAt, deletedAt, decided[], corrected[], desk, products, bought[], boughtFirst[], boughtLast[], customer, household, size, matches[], links[{key, firstSeen, lastSeen, count, closedAt}]}], identifiers[{key, namespace, value, summary, people, generic, blockedBy, holders, firstSeen, lastSeen, isDevice, describedAt[], platform, os, browser, model}], periods[{key, profile, at, count, types, kinds, earliest, latest}], interactions[{key, bucket (the period, which begins with the profile's key)}], dealings[{type, profile, product, times, quantity, first, last, days[], returned, returnedAt, shown, shownAt, accepted, acceptedAt, refused, refusedAt}] (one row)
CALL () {
  UNWIND $profiles AS wanted
  MATCH (p:Profile {key: wanted})
  USING INDEX SEEK p:Profile(key)
  OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
  OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
  WITH p, c, seen, i
  ORDER BY seen.key
  WITH p, c.id AS customer, c.household AS household, c.size AS size,
       c.matches AS matches,
       collect({key: i.key, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen, count: seen.count,
                closedAt: seen.closedAt}) AS links
  WITH {key: p.key, number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId,
        firstSeen: p.firstSeen, lastSeen: p.lastSeen, traits: p.traits, digests: p.digests,
        digestTimes: p.digestTimes, totals: p.totals, facts: p.facts, replacedAt: p.replacedAt, deletedAt: p.deletedAt,
        decided: p.decided, corrected: p.corrected, desk: p.desk, products: p.products, bought: p.bought,
        boughtFirst: p.boughtFirst, boughtLast: p.boughtLast, customer: customer,
        household: household, size: size, matches: matches, links: links} AS one
  RETURN collect(one) AS profiles
}
CALL (profiles) {
  CALL (profiles) {
    UNWIND $identifiers AS wanted
    MATCH (i:Identifier {key: wanted})
    USING INDEX SEEK i:Identifier(key)
    RETURN i
    UNION
    UNWIND $profiles AS wanted
    MATCH (p:Profile {key: wanted})
    USING INDEX SEEK p:Profile(key)
    MATCH (p)-[:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
    RETURN i
  }
  WITH {key: i.key, namespace: i.namespace, value: i.value, summary: i.summary, people: i.people,
        generic: i.generic, blockedBy: i.blockedBy, holders: i.holders, firstSeen: i.firstSeen, lastSeen: i.lastSeen,
        isDevice: i.device, describedAt: i.describedAt, platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS identifiers
}
CALL (identifiers) {
  UNWIND $periods AS wanted
  MATCH (d:Period {key: wanted})
  USING INDEX SEEK d:Period(key)
  WITH {key: d.key, profile: d.profile, at: d.at, count: d.count, types: d.types, kinds: d.kinds, earliest: d.earliest,
        latest: d.latest} AS one
  RETURN collect(one) AS periods
}
CALL (periods) {
  UNWIND $interactions AS wanted
  MATCH (n:Interaction {key: wanted})
  USING INDEX SEEK n:Interaction(key)
  WITH {key: n.key, bucket: n.bucket} AS one
  RETURN collect(one) AS interactions
}
CALL (interactions) {
  UNWIND $dealings AS wanted
  MATCH (p:Profile {key: wanted.profile})
  USING INDEX SEEK p:Profile(key)
  MATCH (p)-[b:BOUGHT|OFFERED]->(x:Product)
  WHERE b.key IN wanted.keys
  WITH {type: type(b), profile: wanted.profile, product: x.key, times: b.times, quantity: b.quantity, first: b.first,
        last: b.last, days: b.days, returned: b.returned, returnedAt: b.returnedAt, shown: b.shown,
        shownAt: b.shownAt, accepted: b.accepted, acceptedAt: b.acceptedAt, refused: b.refused,
        refusedAt: b.refusedAt} AS one
  RETURN collect(one) AS dealings
}
RETURN profiles, identifiers, periods, interactions, dealings
