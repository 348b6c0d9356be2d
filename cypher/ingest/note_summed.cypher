// Note of profiles how many products they bought.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
SET p.products = row.products
