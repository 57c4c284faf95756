"""The values that rooms hand on: exports, filled forms, judged and received forms, editions, figures."""
