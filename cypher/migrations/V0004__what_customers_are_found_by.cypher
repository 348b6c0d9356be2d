// What customers are found by and ordered by. `profile-graph resolve --all` gives it to those that are there.
// params: none
// mode: schema
// row: none
CREATE INDEX customer_by_name IF NOT EXISTS FOR (n:Customer) ON (n.byName);
CREATE INDEX customer_by_seen IF NOT EXISTS FOR (n:Customer) ON (n.bySeen);
CREATE INDEX customer_age IF NOT EXISTS FOR (n:Customer) ON (n.t_age);
CREATE INDEX customer_birth_date IF NOT EXISTS FOR (n:Customer) ON (n.t_birthDate);
CREATE INDEX customer_city IF NOT EXISTS FOR (n:Customer) ON (n.t_city);
CREATE INDEX customer_company IF NOT EXISTS FOR (n:Customer) ON (n.t_company);
CREATE INDEX customer_country IF NOT EXISTS FOR (n:Customer) ON (n.t_country);
CREATE INDEX customer_first_name IF NOT EXISTS FOR (n:Customer) ON (n.t_firstName);
CREATE INDEX customer_gender IF NOT EXISTS FOR (n:Customer) ON (n.t_gender);
CREATE INDEX customer_last_name IF NOT EXISTS FOR (n:Customer) ON (n.t_lastName);
CREATE INDEX customer_plan IF NOT EXISTS FOR (n:Customer) ON (n.t_plan);
CREATE INDEX customer_postal_code IF NOT EXISTS FOR (n:Customer) ON (n.t_postalCode);
CREATE INDEX customer_state IF NOT EXISTS FOR (n:Customer) ON (n.t_state);
CREATE INDEX customer_title IF NOT EXISTS FOR (n:Customer) ON (n.t_title);
CREATE INDEX product_category IF NOT EXISTS FOR (n:Product) ON (n.category);
