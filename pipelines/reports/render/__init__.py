"""How a report looks: strings of one language, vector charts, PDF and HTML."""
