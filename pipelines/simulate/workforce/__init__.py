"""The people's own sheets: who they are, when they work, what they learn and what they think."""
