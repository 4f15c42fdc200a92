"""What each page costs with a thousand cases and with a hundred thousand, on both databases.

`python -m tests.bench.scale` (or `make bench`; `N=1000000` for a million). Both sizes are asked in
turn, page by page, in one run, so that whatever else the machine does slows both alike.
"""
