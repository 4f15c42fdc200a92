"""Where mail goes out and comes in, as EMAIL_URL and IMAP_URL say."""
