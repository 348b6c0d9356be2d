// Give profiles what was counted of their purchases and tickets.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.key})
SET p.facts = row.facts
