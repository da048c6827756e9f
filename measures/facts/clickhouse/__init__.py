"""The same facts in ClickHouse, and the same figures from them: decision 0041."""
