// Customers whose trait is one of some values. A customer without it has none of them.
// params: values
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
coalesce(c.t_<trait> IN $values, false)
