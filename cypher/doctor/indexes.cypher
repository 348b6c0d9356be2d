// The indexes of this database and whether they can be used.
// params: none
// mode: read
// row: labelsOrTypes[], properties[], state
SHOW INDEXES YIELD labelsOrTypes, properties, state
RETURN labelsOrTypes, properties, state
