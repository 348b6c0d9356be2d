// Write the periods of a batch: a UTC day of a profile, with its counts.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (d:Period {key: row.key})
ON CREATE SET d.profile = row.profile, d.at = row.at
SET d.count = row.count, d.types = row.types, d.earliest = row.earliest, d.latest = row.latest
MERGE (p)-[:ACTIVE_IN]->(d)
