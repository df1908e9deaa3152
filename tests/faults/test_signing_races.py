"""Signing while the words change under it: no signature is on words that were not on screen, and no page shows others.

The long form, with its figure, is `python -m bench.signing_races`.
"""

import pytest

from tests.faults.signing_races import CHANGES, run


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", CHANGES)
def test_no_signature_is_on_words_that_were_not_on_screen(kind: str):
    found = run(kind, overlapping=15)
    assert found.overlapping == 15
    assert (found.unseen, found.shown, found.errors) == ([], [], [])
    assert found.signed + found.refused == found.races
