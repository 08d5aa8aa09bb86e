"""The centre's history in the shape of a Zendesk JSON export."""
