"""Bringing Superset in step with the folder, and writing down what people built in it."""
