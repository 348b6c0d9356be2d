// What a seed finds, up to a limit; as many as the limit may not be all.
// unordered: at the limit nothing that was found is used
// params: place, limit
// mode: fragment
// row: place, ids[]
WITH c
LIMIT $limit
WITH collect(c.id) AS ids
RETURN $place AS place, ids
