"""The register of irritants: whose each is, what it costs, what was promised, what came of it."""
