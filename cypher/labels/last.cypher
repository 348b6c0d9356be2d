// The number of the newest label.
// params: none
// mode: read
// row: n
MATCH (c:Counter {key: 'labels'})
USING INDEX SEEK c:Counter(key)
RETURN c.n AS n
