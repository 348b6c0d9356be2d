// Take the writers' turn: the lock on the counter is held until the commit, so no two writers decide on
// stale components. Also enters the sources that a batch speaks for, and says which policy is in force.
// params: turn, sources
// mode: write
// row: changes, profiles (the numbers given last), policy (its version)
MERGE (c:Counter {key: 'changes'})
ON CREATE SET c.n = 0
SET c.turn = $turn
MERGE (p:Counter {key: 'profiles'})
ON CREATE SET p.n = 0
MERGE (y:Counter {key: 'policy'})
ON CREATE SET y.n = 0
FOREACH (row IN $sources |
  MERGE (s:Source {name: row.name})
  SET s += {kind: row.kind, priority: row.priority, trusted: row.trusted})
RETURN c.n AS changes, p.n AS profiles, y.n AS policy
