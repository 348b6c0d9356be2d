// What the database says it is.
// params: none
// mode: read
// row: name, versions[], edition
CALL dbms.components() YIELD name, versions, edition
RETURN name, versions, edition
