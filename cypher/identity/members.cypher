// What resolution knows of profiles, given rows of `p`. One row in all: a message a row would cost more
// than the rows.
// params: none
// mode: fragment
// row: members[{key, number, customerId, source, traits, customer, household, pending, size, seen, facts, decided[], corrected[], matches[], links[{key, people, generic, holders, used}]}] (one row)
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(j:Identifier)
WHERE seen.closedAt IS NULL
WITH p, collect({key: j.key, people: j.people, generic: j.generic, holders: j.holders, used: seen.lastSeen}) AS links
OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH {key: p.key, number: p.number, customerId: p.customerId, source: p.source, traits: p.traits,
      customer: c.id, household: c.household, pending: c.pending, size: c.size, seen: p.lastSeen,
      decided: p.decided, corrected: p.corrected, facts: p.facts, matches: c.matches, links: links} AS member
RETURN collect(member) AS members
