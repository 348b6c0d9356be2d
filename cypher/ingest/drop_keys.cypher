// Take blocking keys from profiles whose traits no longer give them.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (p:Profile {key: row.profile})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[has:HAS_KEY]->(i:Identifier)
WHERE has.key = row.key
DELETE has
SET i.holders = i.holders - 1
