"""Mail as a way in: the letters attached to the messages of a mailbox are taken in."""
