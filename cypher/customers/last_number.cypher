// The number given last: no customer lies beyond its bucket.
// params: none
// mode: read
// row: last
MATCH (c:Counter {key: 'profiles'})
RETURN c.n AS last
