// The migrations that this database has, in order.
// scans: there are a handful of migrations
// params: none
// mode: read
// row: version, checksum, at
MATCH (m:Migration)
WHERE m.checksum IS NOT NULL
RETURN m.version AS version, m.checksum AS checksum, m.at AS at
ORDER BY version
