// The customers that tokens lead to, those with most of the words first; each token stands for a word.
// params: starts
// mode: read
// row: see the fragment
// then: search/foremost
UNWIND $starts AS start
MATCH (t:Token {key: start.key})
USING INDEX SEEK t:Token(key)
MATCH (t)<-[:FOUND_BY]-(c:Customer)
WITH c, start.word AS word, max(start.weight) AS weight
WITH c, collect(word) AS words, sum(weight) AS score
