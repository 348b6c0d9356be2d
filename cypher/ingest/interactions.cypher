// Which of these interactions are there already, and whose they are.
// params: keys
// mode: read
// row: key, bucket (the period, which begins with the profile's key)
UNWIND $keys AS wanted
MATCH (n:Interaction {key: wanted})
USING INDEX SEEK n:Interaction(key)
RETURN n.key AS key, n.bucket AS bucket
