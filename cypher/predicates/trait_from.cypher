// Customers whose trait is this or comes after it.
// params: value
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
coalesce(c.t_<trait> >= $value, false)
