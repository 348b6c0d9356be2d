// What divides the buyers of each currency into fifths.
// scans: there is one for each currency
// params: none
// mode: read
// row: key (the currency), text
MATCH (q:Quintiles)
RETURN q.key AS key, q.text AS text
