"""Pages of words straight from content streams, without an object for each character."""
