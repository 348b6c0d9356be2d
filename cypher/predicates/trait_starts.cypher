// Customers whose trait begins with this.
// params: value
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
coalesce(c.t_<trait> STARTS WITH $value, false)
