// The newest notes about the profiles of customers before a number, with the withdrawn ones if asked.
// params: pages, first
// mode: read
// row: page (the place in $pages), customer, version, found[{id, number, text, by, at, withdrawnAt, withdrawnBy, withdrawnReason, profile}]
UNWIND $pages AS page
MATCH (c:Customer {id: page.customer})
USING INDEX SEEK c:Customer(id)
CALL (c, page) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)<-[:WRITTEN_ABOUT]-(x:Note)
  WHERE x.number < page.before AND (page.withdrawn OR x.withdrawnAt IS NULL)
  WITH x, p
  ORDER BY x.number DESC
  LIMIT $first
  WITH {id: x.id, number: x.number, text: x.text, by: x.by, at: x.at, withdrawnAt: x.withdrawnAt,
        withdrawnBy: x.withdrawnBy, withdrawnReason: x.withdrawnReason, profile: p.customerId} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, c.id AS customer, c.version AS version, found
