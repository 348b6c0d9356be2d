// Who they are, and in which version.
// params: none
// mode: fragment
// row: id, version
RETURN c.id AS id, c.version AS version
