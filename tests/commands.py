"""Management commands as a shell sees them: what they print, and how they end."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Outcome:
    """`code` is the exit code that manage.py would end with; `problem` is the last line that it would print then."""

    code: int
    out: str
    err: str
    problem: str = ""


def run(name: str, *arguments: Any, **options: Any) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err, **options)
    except CommandError as problem:
        return Outcome(problem.returncode, out.getvalue(), err.getvalue(), str(problem))
    return Outcome(0, out.getvalue(), err.getvalue())
