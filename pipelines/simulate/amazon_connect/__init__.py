"""The telephone's history as Amazon Connect delivers contact records."""
