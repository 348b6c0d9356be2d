// Customers with a trait that begins with this.
// params: value
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
MATCH (c:Customer)
USING INDEX SEEK c:Customer(t_<trait>)
WHERE c.t_<trait> STARTS WITH $value
