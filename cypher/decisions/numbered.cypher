// The decisions whose numbers lie in a window, the newest first.
// params: after, to
// mode: read
// row: see the fragment
// then: decisions/shown
UNWIND range($after + 1, $to) AS wanted
MATCH (x:Decision {number: wanted})
USING INDEX SEEK x:Decision(number)
WITH wanted, x
