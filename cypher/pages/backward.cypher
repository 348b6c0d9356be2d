// The last of them in their order, the last first, with where each stands.
// params: most
// mode: fragment
// row: id, place, version
WITH c, place
ORDER BY place DESC
LIMIT $most
RETURN c.id AS id, place, c.version AS version
