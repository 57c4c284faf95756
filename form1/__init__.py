"""form1: produces and checks Official Statistics Report Form No. 1 (Migration) of Azerbaijan."""

__version__ = "1.0.0"
