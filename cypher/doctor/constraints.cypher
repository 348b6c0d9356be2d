// What is unique in this database.
// params: none
// mode: read
// row: labelsOrTypes[], properties[]
SHOW CONSTRAINTS YIELD labelsOrTypes, properties
RETURN labelsOrTypes, properties
