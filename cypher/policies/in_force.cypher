// The policy in force, and whether everything was resolved by it.
// params: none
// mode: read
// row: version, digest, text, origin, at, by, resolvedAt
MATCH (y:Counter {key: 'policy'})
WITH y.n AS version
UNWIND [version] AS wanted
MATCH (p:Policy {version: wanted})
USING INDEX SEEK p:Policy(version)
RETURN p.version AS version, p.digest AS digest, p.text AS text, p.origin AS origin, p.at AS at, p.by AS by,
       p.resolvedAt AS resolvedAt
