// The number of the newest change.
// params: none
// mode: read
// row: n
MATCH (c:Counter {key: 'changes'})
USING INDEX SEEK c:Counter(key)
RETURN c.n AS n
