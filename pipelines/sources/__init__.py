"""One YAML contract a source. Data, not code: `pipelines.ingest.contracts` reads it."""
