// The last of them in their order.
// params: most
// mode: fragment
// row: see the fragment
// then: customers/facets
WITH c, place
ORDER BY place DESC
LIMIT $most
WITH c, place AS wanted, c.version AS before, null AS leads
