// Create relationships as they were elsewhere. A type can be no parameter on the embedded engine, whose text
// this is too, so every type of the graph stands here; a transfer refuses any other. An end that is not there
// is an error, since OPTIONAL leaves null in its place.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
OPTIONAL MATCH (a)
WHERE elementId(a) = row.from
WITH row, a
OPTIONAL MATCH (b)
WHERE elementId(b) = row.to
FOREACH (x IN CASE row.type WHEN 'ABOUT' THEN [row] ELSE [] END |
  CREATE (a)-[r:ABOUT]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'ACTIVE_IN' THEN [row] ELSE [] END |
  CREATE (a)-[r:ACTIVE_IN]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'BELONGED_TO' THEN [row] ELSE [] END |
  CREATE (a)-[r:BELONGED_TO]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'BELONGS_TO' THEN [row] ELSE [] END |
  CREATE (a)-[r:BELONGS_TO]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'BETWEEN' THEN [row] ELSE [] END |
  CREATE (a)-[r:BETWEEN]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'CORRECTS' THEN [row] ELSE [] END |
  CREATE (a)-[r:CORRECTS]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'BOUGHT' THEN [row] ELSE [] END |
  CREATE (a)-[r:BOUGHT]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'DECIDES' THEN [row] ELSE [] END |
  CREATE (a)-[r:DECIDES]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'FOUND_BY' THEN [row] ELSE [] END |
  CREATE (a)-[r:FOUND_BY]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'HAS_IDENTIFIER' THEN [row] ELSE [] END |
  CREATE (a)-[r:HAS_IDENTIFIER]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'HAS_KEY' THEN [row] ELSE [] END |
  CREATE (a)-[r:HAS_KEY]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'HOLDS' THEN [row] ELSE [] END |
  CREATE (a)-[r:HOLDS]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'LABELS' THEN [row] ELSE [] END |
  CREATE (a)-[r:LABELS]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'LIVES_IN' THEN [row] ELSE [] END |
  CREATE (a)-[r:LIVES_IN]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'OFFERED' THEN [row] ELSE [] END |
  CREATE (a)-[r:OFFERED]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'ON' THEN [row] ELSE [] END |
  CREATE (a)-[r:ON]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'SIGHTED' THEN [row] ELSE [] END |
  CREATE (a)-[r:SIGHTED]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'SPENT' THEN [row] ELSE [] END |
  CREATE (a)-[r:SPENT]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'SUCCEEDED_BY' THEN [row] ELSE [] END |
  CREATE (a)-[r:SUCCEEDED_BY]->(b)
  SET r = x.properties)
FOREACH (x IN CASE row.type WHEN 'WRITTEN_ABOUT' THEN [row] ELSE [] END |
  CREATE (a)-[r:WRITTEN_ABOUT]->(b)
  SET r = x.properties)
