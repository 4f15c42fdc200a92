"""How long a letter takes from its file to its case, and where the time goes."""
