"""How gunicorn runs. Threads, so that a slow reader holds up nobody else; no addresses and no queries in the log."""

worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file belongs in memory: on a busy disk it would stop workers that are well.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# Method, path without query, status, length, seconds.
accesslog = None
loglevel = "warning"
