"""How gunicorn serves, in `make run` and in production alike: `gunicorn imrsite.wsgi`.

gunicorn itself reads WEB_CONCURRENCY (processes), PORT and FORWARDED_ALLOW_IPS (the proxies
whose X-Forwarded-Proto it believes).
"""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "imrsite.web_worker.Worker"  # gthread, safe from slow clients
threads = 8
preload_app = True  # loaded once, shared by the processes; a wrong setting stops it at once
timeout = 120
graceful_timeout = 10
control_socket_disable = True  # it would lie in the home directory
