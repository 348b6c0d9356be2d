// The first of them in their order, with where each stands in it.
// params: most
// names: key = number | byName | bySeen
// mode: fragment
// row: see the fragment
// then: customers/facets
WITH c
ORDER BY c.<key>
LIMIT $most
WITH c, c.<key> AS wanted
