"""A guide's Markdown in blocks with their lines."""

import pytest

from articles.blocks import Block, blocks_of, plain

TEXT = """\
## Rest {: .steps }

First line
and second.

- one
  and more
* two
1. three

---

> quoted

| a | b |
|---|---|
| c | d |

[ref]: /crisis/ 'title'
### Less ##
"""


def test_each_block_has_its_kind_its_line_and_its_words():
    assert blocks_of(TEXT, first_line=10) == [
        Block("heading", 10, "Rest", 2),
        Block("paragraph", 12, "First line\nand second."),
        Block("item", 15, "one\nand more"),
        Block("item", 17, "two"),
        Block("item", 18, "three"),
        Block("paragraph", 22, "quoted"),
        Block("row", 24, "| a | b |"),
        Block("row", 26, "| c | d |"),
        Block("heading", 29, "Less", 3),
    ]


def test_bold_words_at_a_start_are_no_item():
    assert [block.kind for block in blocks_of("**Rest.** Then go.\n")] == ["paragraph"]


def test_a_sentence_has_the_line_that_it_begins_on():
    [block] = blocks_of('First. Second\nends here. "Third."\nFourth: fifth\n', first_line=5)
    assert list(block.sentences()) == [
        (5, "First."),
        (5, "Second\nends here."),
        (6, '"Third.'),
        (7, "Fourth:"),
        (7, "fifth"),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Rest** *now* [@trial-2020].", "Rest now."),
        ("See [the *page*](/crisis/).", "See the page."),
        ("Call {clinic} or {crisis}.", "Call your prescriber or call or text 988."),
    ],
)
def test_plain_words_are_those_that_are_read_out(written, read):
    assert plain(written) == read
