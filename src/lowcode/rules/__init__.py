"""The rule engine."""
