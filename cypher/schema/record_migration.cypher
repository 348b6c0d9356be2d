// Remember that a migration ran.
// params: version, checksum, at
// mode: write
// row: version
MERGE (m:Migration {version: $version})
ON CREATE SET m.checksum = $checksum, m.at = $at
RETURN m.version AS version
