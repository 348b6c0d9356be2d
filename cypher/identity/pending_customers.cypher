// Some customers that wait for the background, the lowest ids first.
// params: most
// mode: read
// row: id, size
MATCH (c:Customer {pending: true})
RETURN c.id AS id, c.size AS size
ORDER BY id
LIMIT $most
