"""A draft of a contract from a sample of an export.

What belongs here: guesses, which a person reads, corrects and commits. What does not: anything that
a load uses; loads follow contracts and guess nothing.
"""
