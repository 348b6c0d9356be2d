// The customers of some buckets that have any of the tokens: for tokens of so many customers that every
// other bucket has some.
// params: buckets, tokens
// mode: read
// row: see the fragment
// then: search/foremost
UNWIND $buckets AS wanted
MATCH (c:Customer {bucket: wanted})
USING INDEX SEEK c:Customer(bucket)
WHERE any(one IN $tokens WHERE one IN c.tokens)
WITH c, [] AS words, 0 AS score
