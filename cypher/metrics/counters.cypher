// The numbers given last: of changes and profiles, and the version of the policy in force.
// params: keys
// mode: read
// row: key, n
UNWIND $keys AS wanted
MATCH (c:Counter {key: wanted})
USING INDEX SEEK c:Counter(key)
RETURN c.key AS key, c.n AS n
