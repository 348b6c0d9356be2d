// Customers that have a trait.
// params: none
// names: trait = age | birthDate | city | company | country | firstName | gender | lastName | plan | postalCode | state | title
// mode: fragment
// row: none
c.t_<trait> IS NOT NULL
