"""The audit: reference/ agrees with itself. Every name resolves, everything is used, nothing is a placeholder."""
