// The latest periods of customers before a time: all that reach beyond it, and the first that end before it.
// params: pages, first
// mode: read
// row: page (the place in $pages), customer, version, found[{key, count, earliest, latest}]
UNWIND $pages AS page
MATCH (c:Customer {id: page.customer})
CALL (c, page) {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[:ACTIVE_IN]->(d:Period)
  WHERE d.latest >= page.at AND d.earliest <= page.at
  RETURN d
  UNION
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[:ACTIVE_IN]->(d:Period)
  WHERE d.latest < page.at
  RETURN d
  ORDER BY d.latest DESC, d.key DESC
  LIMIT $first
}
WITH page, c, d
ORDER BY d.latest DESC, d.key DESC
WITH page, c, collect({key: d.key, count: d.count, earliest: d.earliest, latest: d.latest}) AS found
RETURN page.place AS page, c.id AS customer, c.version AS version, found
