// Note that everything was resolved by a version of the policy.
// params: version, at
// mode: write
// row: none
MATCH (p:Policy {version: $version})
SET p.resolvedAt = $at
