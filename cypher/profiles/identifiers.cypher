// The identifiers of profiles, by the profiles' own customer ids, as of a recorded time each.
// params: pages, first
// mode: read
// row: page (the place in $pages), found[]
UNWIND $pages AS page
MATCH (p:Profile {customerId: page.id})
USING INDEX SEEK p:Profile(customerId)
CALL (p, page) {
  MATCH (p)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE seen.recordedAt <= page.asOf AND CASE WHEN seen.turned IS NULL
    THEN seen.closedAt IS NULL OR seen.closedAt > page.asOf
    ELSE size([at IN seen.turned WHERE at <= page.asOf]) % 2 = 0 END
  WITH seen, i
  ORDER BY i.key
  LIMIT $first
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: seen.firstSeen, lastSeen: seen.lastSeen, count: seen.count,
        platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, found
