"""Files of conversations in the data directory."""
