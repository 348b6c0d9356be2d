// Write the identifiers of a batch that were there before.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (i:Identifier {key: row.key})
USING INDEX SEEK i:Identifier(key)
SET i.value = row.value, i.summary = row.summary, i.people = row.people, i.generic = row.generic,
    i.firstSeen = row.firstSeen, i.lastSeen = row.lastSeen
FOREACH (device IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  SET i.device = true, i += device)
