"""What a figure was measured on, in one line."""

import datetime as dt
import os
import platform
import re
from pathlib import Path


def machine() -> str:
    """Date, processor, number of cores, system and Python."""
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = found[1] if found else platform.machine()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return f"{today}, {processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
