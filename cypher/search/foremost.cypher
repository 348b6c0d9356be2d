// The foremost customers, given rows of `c`, the words they have (by place) and a score. Words that too many
// have to be gone to are looked for among the customer's own tokens.
// params: others, most
// mode: fragment
// row: id, number, version, card, found (how many words)
WITH c, score, words, [other IN $others WHERE NOT other.word IN words AND any(one IN other.keys WHERE one IN c.tokens) | 1] AS more
WITH c, size(words) + size(more) AS found, score
ORDER BY found DESC, score DESC, c.number
LIMIT $most
RETURN c.id AS id, c.number AS number, c.version AS version, c.card AS card, found
