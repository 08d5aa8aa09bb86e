"""The commands of `helpmart`: each parses, calls and prints.

Modules here import only typer at the top, so that `--help` stays quick; what a command calls is
imported when it runs.
"""
