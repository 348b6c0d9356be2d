// What customers bought themselves, and nothing else.
// params: customers
// mode: read
// row: see the fragment; found is null
// then: recommendations/basket
UNWIND $customers AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
WITH c, null AS found
