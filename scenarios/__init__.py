"""The library: one YAML file a case."""
