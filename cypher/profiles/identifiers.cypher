// The identifiers of profiles, by the profiles' own customer ids.
// params: ids, first
// mode: read
// row: wanted, found[]
UNWIND $ids AS wanted
MATCH (p:Profile {customerId: wanted})
USING INDEX SEEK p:Profile(customerId)
CALL (p) {
  MATCH (p)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE seen.closedAt IS NULL
  WITH seen, i
  ORDER BY i.key
  LIMIT $first
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: seen.firstSeen, lastSeen: seen.lastSeen, count: seen.count,
        platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS found
}
RETURN wanted, found
