"""Asks the web server of this container whether it is up: exit status 0 if so.

It asks as the proxy would: by one of the host names that the server serves.
"""

import http.client
import os
import sys


def is_up(port: int, host: str) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        asked.request("GET", "/healthz", headers={"Host": host})
        return asked.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    names = os.environ.get("ALLOWED_HOSTS", "").split(",")
    host = names[0].strip().removeprefix(".") or "localhost"
    sys.exit(0 if is_up(int(sys.argv[1]) if len(sys.argv) > 1 else 8000, host) else 1)
