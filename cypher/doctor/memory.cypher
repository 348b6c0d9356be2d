// How much memory a Neo4j may take; the embedded engine has no such statement.
// params: none
// mode: read
// row: name, value
SHOW SETTINGS YIELD name, value
WHERE name IN ['server.memory.heap.max_size', 'server.memory.pagecache.size', 'dbms.memory.transaction.total.max']
RETURN name, value
