"""Unattended: what is due is built at night with nobody watching, and its state is told in the morning."""
