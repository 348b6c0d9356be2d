// The identifiers that people blocked.
// scans: a preview of a policy is about everything
// params: none
// mode: read
// row: key
MATCH (x:Decision {kind: 'blocked'})
WHERE x.withdrawnAt IS NULL
MATCH (x)-[:DECIDES]->(i:Identifier)
RETURN i.key AS key
