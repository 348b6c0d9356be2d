// Customers with a trait up to this value.
// params: value
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
MATCH (c:Customer)
USING INDEX SEEK c:Customer(t_<trait>)
WHERE c.t_<trait> <= $value
