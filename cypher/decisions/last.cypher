// The number of the newest decision.
// params: none
// mode: read
// row: n
MATCH (c:Counter {key: 'decisions'})
USING INDEX SEEK c:Counter(key)
RETURN c.n AS n
