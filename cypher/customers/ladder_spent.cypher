// Places of some customers in the order by what they spent in a currency, for windows of about as many each.
// params: numbers, after, before
// mode: read
// row: places[]
UNWIND $numbers AS number
MATCH (p:Profile {number: number})
USING INDEX SEEK p:Profile(number)
MATCH (p)-[:BELONGS_TO]->(:Customer)-[:SPENT]->(s:Spend)
WHERE s.place > $after AND s.place < $before
RETURN collect(s.place) AS places
