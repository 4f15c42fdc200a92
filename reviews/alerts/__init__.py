"""What people are told by mail: notices, how each person wants them, digests, and their sending."""
