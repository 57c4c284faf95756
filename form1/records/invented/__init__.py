"""An invented register: persons and their records, drawn from shares as data, the same for a seed on every machine."""
