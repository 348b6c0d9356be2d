// Whether there is anything besides the record of the migrations.
// scans: it ends at the first
// params: none
// mode: read
// row: label
MATCH (n)
WHERE NOT n:Migration
RETURN labels(n)[0] AS label
LIMIT 1
