"""How gunicorn serves, in `make run` and in production alike: `gunicorn imrsite.wsgi`.

gunicorn itself reads WEB_CONCURRENCY (processes), PORT and FORWARDED_ALLOW_IPS (the proxies
whose X-Forwarded-Proto it believes).
"""

import os

from cases.letters.reading.child import die_with_parent

umask = 0o077
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "imrsite.web.web_worker.Worker"  # gthread, safe from slow clients
threads = 8
preload_app = True  # loaded once, shared by the processes; a wrong setting stops it at once
timeout = 120
graceful_timeout = 10
control_socket_disable = True  # it would lie in the home directory
if os.environ.get("LOG_FORMAT", "").strip().lower() == "json":
    logconfig_dict = {
        "root": {"level": "INFO", "handlers": []},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False}
        },
        "formatters": {"generic": {"()": "imrsite.running.log_lines.SafeJsonFormatter"}},
    }


def post_fork(server, worker) -> None:
    """Without its master a worker would go on for a moment, and keep the port."""
    die_with_parent()
    if os.getppid() != server.pid:  # it died before that
        os._exit(1)


def when_ready(server) -> None:
    """The index is read once, before the processes that share it are forked."""
    from cases.index.current import preload_index

    preload_index()
