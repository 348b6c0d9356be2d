"""What a customer is worth: purchases, refunds and tickets, added up and compared."""
