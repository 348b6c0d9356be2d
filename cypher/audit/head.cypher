// The number and the hash of the newest entry of the audit log.
// params: none
// mode: read
// row: last, hash
MATCH (c:Counter {key: 'audit'})
USING INDEX SEEK c:Counter(key)
RETURN c.n AS last, c.hash AS hash
