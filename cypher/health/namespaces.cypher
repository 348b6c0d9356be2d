// Identifiers by namespace: how many, how many of several people, how many generic, with an example of these.
// Namespaces that begin with $ours are for nobody to see.
// scans: all of them are counted; what comes of it is kept a while
// params: ours
// mode: read
// row: namespace, identifiers, shared, generic, example (a key)
MATCH (i:Identifier)
WHERE NOT i.namespace STARTS WITH $ours
RETURN i.namespace AS namespace, count(i) AS identifiers,
       sum(CASE WHEN i.people > 1 THEN 1 ELSE 0 END) AS shared,
       sum(CASE WHEN i.generic THEN 1 ELSE 0 END) AS generic,
       min(CASE WHEN i.generic THEN i.key ELSE null END) AS example
