// The first of them in their order, with where each stands.
// params: most
// mode: fragment
// row: id, place, version
WITH c, place
ORDER BY place
LIMIT $most
RETURN c.id AS id, place, c.version AS version
