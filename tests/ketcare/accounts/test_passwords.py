"""Which passwords are taken, and the phrases that the site suggests."""

import math
import re
from itertools import pairwise

import pytest
from django.conf import settings as project
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from ketcare.accounts.models import User
from ketcare.accounts.passwords import CONTEXT, WORDS_OF_A_PHRASE, suggested_phrase
from ketcare.site.models import Clinic

WORDS = (project.CONTENT_DIR / "phrase-words.txt").read_text(encoding="utf-8").splitlines()
ALICE = User(email="alice.smith@harborside.example.org")
SMALLEST = "quiet lamp dunes"[:15]


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    """A site whose clinic said nothing of itself yet."""
    settings.VAR_DIR = tmp_path


def codes(password: str, user: User | None = ALICE) -> set[str]:
    """Why it is refused; nothing if it is taken."""
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return {str(problem.code) for problem in refused.error_list}
    return set()


# What is taken ----------------------------------------------------------------------------------------------------


def test_fourteen_characters_are_too_few_v6_2_1():
    assert codes(SMALLEST[:14]) == {"password_too_short"}


@pytest.mark.parametrize(
    "password",
    [
        SMALLEST,
        "quiet lamp " * 6,
        "quiet lamp " * 12,
        "тихая лампа дюна",
        "🐢🐌🦔🐿️🦉🐸🐝🦋🐞🐠🦩🐨🦦🐇🦥",
        "  quiet lamp  dunes  ",
    ],
    ids=["15", "66", "132", "Cyrillic", "emoji", "spaces"],
)
def test_fifteen_characters_and_more_are_taken_v6_2_1(password):
    assert codes(password) == set()


@pytest.mark.parametrize("password", ["quietlampdunesandrain", "QUIETLAMPDUNESANDRAIN", "27182818284590452353602"])
def test_no_kind_of_character_is_asked_for_v6_2_5(password):
    assert codes(password) <= {"password_entirely_numeric"}
    assert "password_of_context" not in codes(password)


@pytest.mark.parametrize("password", ["passwordpassword", "1q2w3e4r5t6y7u8i9o0p"])
def test_a_common_password_is_refused_v6_2_4(password):
    assert codes(password)


@pytest.mark.parametrize(
    "password",
    [
        "ketamine ketamine 2026",
        "KetamineKetamine!",
        "spravato-esketamine",
        "journal ketcare 1!",
        "my integration notes",
        "depression depression",
        "alice.smith harborside",
        "alice.smithalice.smith",
    ],
)
def test_what_a_guesser_would_try_first_is_refused_v6_2_11(password):
    assert "password_of_context" in codes(password)


@pytest.mark.django_db
def test_the_clinics_name_is_refused_v6_2_11():
    from ketcare.site.clinic import publish_current

    assert codes("bluewater bluewater") == set()
    Clinic.objects.create(pk=1, name="Bluewater Clinic")
    publish_current()
    assert codes("bluewater bluewater") == {"password_of_context"}


def test_the_discreet_name_is_refused_v6_2_11(settings):
    settings.DISCREET_NAME = "Lanternfish"
    assert codes("lanternfish1 lanternfish") == {"password_of_context"}


def test_a_word_of_the_site_may_stand_among_others():
    assert codes("my journal of quiet lamps") == set()


def test_without_an_account_the_rest_is_asked_all_the_same():
    assert codes("ketamine ketamine", user=None) == {"password_of_context"}


def test_the_help_says_how_long_and_what_is_good():
    [help_text] = [text for text in password_validators_help_texts() if "15 characters or more" in text]
    assert help_text == ("15 characters or more. A few words that do not belong together are good, spaces included.")


def test_every_rule_is_there():
    names = [type(rule).__name__ for rule in get_default_password_validators()]
    assert names == ["MinimumLengthValidator", "CommonPasswordValidator", "NotMadeOfContext"]


# What is suggested ------------------------------------------------------------------------------------------------


def test_a_phrase_is_six_words_of_the_list():
    words = suggested_phrase().split(" ")
    assert len(words) == len(set(words)) == WORDS_OF_A_PHRASE == 6
    assert set(words) <= set(WORDS)


def test_every_suggestion_is_taken():
    for _ in range(100):
        phrase = suggested_phrase()
        assert codes(phrase) == set(), phrase


@pytest.mark.django_db
def test_every_suggestion_is_taken_where_the_clinics_name_is_of_such_words():
    from ketcare.site.clinic import publish_current

    Clinic.objects.create(pk=1, name=" ".join(WORDS[:12]))
    publish_current()
    for _ in range(20):
        assert codes(suggested_phrase()) == set()


def test_no_two_suggestions_are_alike():
    assert len({suggested_phrase() for _ in range(200)}) == 200


def test_a_phrase_has_almost_sixty_bits():
    assert math.log2(math.perm(len(WORDS), WORDS_OF_A_PHRASE)) > 59.9


# The list ---------------------------------------------------------------------------------------------------------


def test_the_list_has_1024_words_in_order_and_none_twice():
    assert len(WORDS) == 1024
    assert sorted(set(WORDS)) == WORDS


def test_every_word_is_short_and_plain():
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{3,8}", word)] == []


def test_no_word_is_of_this_site():
    assert set(WORDS) & {*CONTEXT, "notes", "note", "session", "clinic", "therapy", "patient"} == set()


def test_no_word_is_a_form_of_another():
    forms = {f"{word}{ending}": word for word in WORDS for ending in ("s", "es", "d", "ed", "r", "er", "ing", "ly")}
    assert {word: forms[word] for word in WORDS if word in forms} == {}


def test_no_two_words_differ_by_one_letter():
    """So a slip of the finger, or of somebody's ear, does not make another word of the list."""
    shapes: dict[str, str] = {}
    alike = []
    for word in WORDS:
        for place in range(len(word)):
            shape = f"{word[:place]}_{word[place + 1 :]}"
            alike += [(shapes[shape], word)] if shape in shapes else []
            shapes[shape] = word
    without = {word[:place] + word[place + 1 :]: word for word in WORDS for place in range(len(word))}
    alike += [(word, without[word]) for word in WORDS if word in without]
    assert alike == []
    assert all(one < two for one, two in pairwise(WORDS))
