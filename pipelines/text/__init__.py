"""What a message says of its writer's mood: lexicon, scorer, and the scorer inside dbt's DuckDB.

Here belong readers of words that give back numbers; they know no source, no ticket and no table.
Topics and phrases of quality checks are seeds and SQL, in dbt_project.
"""
