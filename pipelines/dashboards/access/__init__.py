"""Who may see what in Superset: roles, users, rows, and how people sign in."""
