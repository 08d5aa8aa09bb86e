"""What service and the rest of the company cost, as the ledger is exported."""
