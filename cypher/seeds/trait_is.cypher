// Customers with a trait of one value. As a range, which the embedded engine reads no further than its limit;
// an equality it reads to the end.
// params: value
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
MATCH (c:Customer)
USING INDEX SEEK c:Customer(t_<trait>)
WHERE c.t_<trait> >= $value AND c.t_<trait> <= $value
