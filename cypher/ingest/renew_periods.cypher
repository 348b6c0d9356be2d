// Write the periods of a batch that were there before.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (d:Period {key: row.key})
USING INDEX SEEK d:Period(key)
SET d.count = row.count, d.types = row.types, d.kinds = row.kinds, d.earliest = row.earliest, d.latest = row.latest
