// Create the new periods of a batch: a UTC day of a profile, with its counts.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
CREATE (p)-[:ACTIVE_IN]->(d:Period {key: row.key, profile: row.profile, at: row.at, count: row.count,
  types: row.types, kinds: row.kinds, earliest: row.earliest, latest: row.latest})
