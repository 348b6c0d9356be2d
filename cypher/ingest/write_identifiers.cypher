// Write the identifiers of a batch. A device is marked by a property: a second label moves the node to
// another type of the embedded engine, which breaks its uniqueness in the transaction that made it.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (i:Identifier {key: row.key})
SET i.namespace = row.namespace, i.value = row.value, i.summary = row.summary, i.people = row.people,
    i.generic = row.generic, i.firstSeen = row.firstSeen, i.lastSeen = row.lastSeen
FOREACH (device IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  SET i.device = true, i += device)
