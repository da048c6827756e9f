"""Event logs for process mining: OCEL 2.0 and XES, from the facts, without a name of a person."""
