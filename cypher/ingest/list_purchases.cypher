// Let profiles keep what they bought.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
SET p += {bought: row.bought, boughtFirst: row.boughtFirst, boughtLast: row.boughtLast}
