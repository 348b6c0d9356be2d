// Which of these order numbers are nobody's: too many purchases have them.
// params: keys
// mode: read
// row: key
UNWIND $keys AS wanted
MATCH (o:Order {key: wanted})
USING INDEX SEEK o:Order(key)
RETURN o.key AS key
