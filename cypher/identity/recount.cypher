// Write how many people identifiers have, after a recount from all their holders.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (i:Identifier {key: row.key})
SET i += {summary: row.summary, people: row.people, generic: row.generic}
