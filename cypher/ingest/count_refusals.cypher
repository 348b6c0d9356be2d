// Count the values that were refused, by source, namespace and reason; the values themselves are not kept.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (r:Refusal {key: row.key})
ON CREATE SET r.source = row.source, r.namespace = row.namespace, r.reason = row.reason, r.n = 0
SET r += {n: r.n + row.count, lastAt: $now}
