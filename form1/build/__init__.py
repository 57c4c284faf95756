"""Building: from the exports of a period to a finished form, and from that to a published edition."""
