"""Records: extracts of an information system counted into exports; an invented register for trials."""
