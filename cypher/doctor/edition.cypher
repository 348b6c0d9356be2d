// What the database says it is. The language is a component too since 2025, of no edition.
// params: none
// mode: read
// row: name, versions[], edition
CALL dbms.components() YIELD name, versions, edition
WITH name, versions, edition
WHERE edition <> ''
RETURN name, versions, edition
