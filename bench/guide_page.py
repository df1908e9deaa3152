"""Guide pages per second of processor time, beside a gunicorn that answers the same bytes without any work.

    .venv/bin/python -m bench.guide_page [--rounds 10] [--requests 2000]

Both servers run one worker of the same kind and are asked in turns, so that whatever else the machine does touches
both alike. What is counted is the processor time of the server's own processes, as the kernel keeps it.
"""

import argparse
import http.client
import os
import statistics
from pathlib import Path

from bench.machine import machine
from bench.server import free_port, serving, site

GUIDE = "/guides/integration/why-the-days-after-matter/"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(master: int) -> float:
    """Processor time of a gunicorn's workers so far, in seconds."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    fields = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in workers]
    return sum(int(field[11]) + int(field[12]) for field in fields) / TICKS


def ask(port: int, times: int) -> bytes:
    """The same page that many times over one connection; the last answer's body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = b""
    for _ in range(times):
        connection.request("GET", GUIDE, headers={"Host": "localhost:8000", "Accept-Encoding": "br"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{GUIDE} answered {answer.status}")
    connection.close()
    return body


def per_cpu_second(port: int, master: int, requests: int) -> float:
    before = cpu_seconds(master)
    ask(port, requests)
    return requests / (cpu_seconds(master) - before)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--requests", type=int, default=2000)
    asked = options.parse_args()
    ours, hello = free_port(), free_port()
    with site() as (folder, environment), serving("ketcare.wsgi:application", ours, environment) as our_master:
        page = ask(ours, 50)
        bytes_file = folder / "page"
        bytes_file.write_bytes(page)
        with serving("bench.hello:application", hello, {"HELLO_BYTES": str(bytes_file)}) as hello_master:
            ask(hello, 50)
            rounds = []
            for _ in range(asked.rounds):
                us = per_cpu_second(ours, our_master, asked.requests)
                them = per_cpu_second(hello, hello_master, asked.requests)
                rounds.append((us, them))
                print(f"guide {us:8.0f}/s   hello {them:8.0f}/s   ratio {us / them:.3f}")
    ratios = sorted(us / them for us, them in rounds)
    print(f"{len(page)} bytes; median ratio {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})")
    print(machine())


if __name__ == "__main__":
    main()
