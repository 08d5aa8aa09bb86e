"""What the company wants to reach and what others reach, as its planners keep it."""
