// Put a policy in force as the next version.
// params: version, digest, text, origin, at, by
// mode: write
// row: none
MERGE (y:Counter {key: 'policy'})
SET y.n = $version
CREATE (p:Policy {version: $version, digest: $digest, text: $text, origin: $origin, at: $at, by: $by})
