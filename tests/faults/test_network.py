"""A wire that is cut in the middle of a save: the same post again is one entry, to the last byte.

With browsers, script and no script: tests/browser/test_journal.py. The long form is `python -m bench.save_faults`.
"""

from collections.abc import Iterator

import pytest

from tests.faults.cutting import Wire
from tests.faults.saving import cut_the_wire
from tests.faults.serving import Site

TRIALS = 12


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    wire = Wire(site.port)
    yield wire
    wire.close()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_no_byte_is_lost_torn_or_doubled(site: Site, wire: Wire, cut):
    found = cut_the_wire(site, wire, cut, TRIALS)
    assert wire.cuts == found["saves"] == TRIALS
    assert (found["lost"], found["torn"], found["doubled"], found["unsaved"]) == ([], [], [], 0)
