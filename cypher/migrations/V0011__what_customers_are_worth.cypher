// By what customers are ordered and found for their purchases and tickets, and what their classes are made of.
// `profile-graph resolve --all` gives it to those that are there.
// params: none
// mode: schema
// row: none
CREATE INDEX customer_by_orders IF NOT EXISTS FOR (n:Customer) ON (n.byOrders);
CREATE INDEX customer_by_purchase IF NOT EXISTS FOR (n:Customer) ON (n.byPurchase);
CREATE INDEX customer_by_tickets IF NOT EXISTS FOR (n:Customer) ON (n.byTickets);
CREATE CONSTRAINT spend_key IF NOT EXISTS FOR (n:Spend) REQUIRE n.key IS UNIQUE;
CREATE INDEX spend_place IF NOT EXISTS FOR (n:Spend) ON (n.place);
CREATE CONSTRAINT quintiles_key IF NOT EXISTS FOR (n:Quintiles) REQUIRE n.key IS UNIQUE;
