// What resolution knows of profiles, given rows of `p`. One row in all: a message a row would cost more
// than the rows. Lists in the place of maps, which take a third longer to make and to read.
// params: none
// mode: fragment
// row: members[][key, number, customerId, source, traits, customer, household, pending, size, seen, facts, decided[], corrected[], matches[], links[][key, people, generic, holders, used]] (one row)
OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
RETURN collect([
  p.key, p.number, p.customerId, p.source, p.traits, c.id, c.household, c.pending, c.size, p.lastSeen, p.facts,
  p.decided, p.corrected, c.matches,
  [(p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(j:Identifier) WHERE seen.closedAt IS NULL
    | [j.key, j.people, j.generic, j.holders, seen.lastSeen]]]) AS members
