"""The walk by keyboard sees what it is there for."""

import pytest

from tests.browser.conftest import Pages
from tests.browser.keyboard import go_round, tab_to

FRAME = "<style>:focus-visible {{ outline: 3px solid }}</style><p><a href='#'>One</a></p><p>{}</p>"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("<button style='outline: 0'>Two</button>", "one does not see that it has the focus"),
        ("<button style='position: fixed; left: -99px'>Two</button>", "it has the focus and is out of sight"),
        ("<button tabindex='1'>Two</button>", "not in the order of reading"),
        ("<button tabindex='-1'>Two</button>", "not met by keyboard"),
        ("<button onkeydown='event.preventDefault()'>Two</button>", "the way does not come round"),
    ],
)
def test_what_nobody_can_use_by_keyboard_is_seen(page_at: Pages, held: str, said: str):
    page = page_at()
    page.set_content(FRAME.format(held))
    with pytest.raises(AssertionError, match=said):
        go_round(page)


def test_what_is_not_there_is_not_sought_for_ever(page_at: Pages):
    page = page_at()
    page.set_content(FRAME.format("<button>Two</button>"))
    go_round(page)
    tab_to(page, "Two")
    with pytest.raises(AssertionError, match="is named Three"):
        tab_to(page, "Three")
