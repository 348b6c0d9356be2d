// How many nodes there are of each label; those that migrations made belong to the database itself.
// scans: a transfer is about everything
// params: none
// mode: read
// row: label, count
MATCH (n)
WHERE NOT n:Migration
RETURN labels(n)[0] AS label, count(*) AS count
ORDER BY label
