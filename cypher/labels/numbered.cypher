// The labels whose numbers lie in a window.
// params: after, to
// mode: read
// row: see the fragment
// then: labels/shown
UNWIND range($after + 1, $to) AS wanted
MATCH (l:Label {number: wanted})
USING INDEX SEEK l:Label(number)
WITH wanted, l
