"""Files of fixed bytes, export periods, and what a loader must count; knows no vendor."""
