"""How gunicorn runs. Threads, so that a slow reader holds up nobody else; no addresses and no queries in the log."""

worker_class = "gthread"
# Somebody who sends half a request holds one for as long as they like, so there are many; a public site has a proxy
# in front, which passes on whole requests only.
threads = 64
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file belongs in memory: on a busy disk it would stop workers that are well.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# By default a header of the request may say where the site stands, and every link of a page that is kept would follow.
forwarder_headers = ""
# Method, path without query, status, length, seconds.
accesslog = None
# Its warnings name the address of whoever sent what it refuses.
loglevel = "error"
