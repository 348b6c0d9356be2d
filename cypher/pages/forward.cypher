// The first of them in their order.
// params: most
// mode: fragment
// row: see the fragment
// then: customers/facets
WITH c, place
ORDER BY place
LIMIT $most
WITH c, place AS wanted, c.version AS before, null AS leads
