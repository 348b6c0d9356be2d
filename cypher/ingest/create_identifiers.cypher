// Create the new identifiers of a batch. A device is marked by a property: a second label moves the node to
// another type of the embedded engine, which breaks its uniqueness in the transaction that made it.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
CREATE (i:Identifier {key: row.key, namespace: row.namespace, value: row.value, summary: row.summary,
  people: row.people, generic: row.generic, firstSeen: row.firstSeen, lastSeen: row.lastSeen})
FOREACH (device IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  SET i.device = true, i += device)
