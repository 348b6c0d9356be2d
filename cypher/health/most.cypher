// The identifiers of the most people, or of the most holders.
// params: ours, atLeast, most
// names: by = people | holders
// mode: fragment
// row: key, people, holders
MATCH (i:Identifier)
WHERE i.<by> >= $atLeast AND NOT i.namespace STARTS WITH $ours
WITH i
ORDER BY i.<by> DESC, i.key
LIMIT $most
RETURN i.key AS key, i.people AS people, i.holders AS holders
