// Of the profiles of some numbers, by source: how many hold nothing that another profile holds too.
// params: numbers
// mode: read
// row: source, profiles, unlinked, example (the customer's id that one was given)
UNWIND $numbers AS number
MATCH (p:Profile {number: number})
USING INDEX SEEK p:Profile(number)
WHERE p.deletedAt IS NULL OR p.lastSeen > p.deletedAt
WITH p, EXISTS {
  MATCH (p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
  WHERE seen.closedAt IS NULL AND NOT i.generic AND i.holders > 1
} AS shares
RETURN p.source AS source, count(p) AS profiles, sum(CASE WHEN shares THEN 0 ELSE 1 END) AS unlinked,
       min(CASE WHEN shares THEN null ELSE p.customerId END) AS example
