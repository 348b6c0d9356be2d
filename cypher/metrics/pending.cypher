// How many customers wait for the background.
// params: none
// mode: read
// row: waiting
MATCH (c:Customer {pending: true})
RETURN count(c) AS waiting
