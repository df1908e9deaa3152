"""The words of the glossary, and what patients ask: written down before a page or a search uses them."""

import tomllib
from pathlib import Path

import tomli_w
from django.conf import settings

GLOSSARY = settings.CONTENT_DIR / "glossary.toml"
QUESTIONS = Path(__file__).with_name("search_questions.toml")
SHIPPED = {f"{path.parent.name}/{path.stem}" for path in (settings.CONTENT_DIR / "guides" / "en").glob("*/*.md")}


def test_the_glossary_explains_each_word_and_names_only_guides_that_are_there():
    terms = tomllib.loads(GLOSSARY.read_text())
    assert len(terms) >= 40
    for key, term in terms.items():
        assert list(term) == ["term", "also", "meaning", "mark", "guides"], key
        assert term["term"], key
        assert term["meaning"].endswith("."), key
        assert set(term["guides"]) <= SHIPPED, key


def test_no_spelling_stands_under_two_words_of_the_glossary():
    seen: dict[str, str] = {}
    for key, term in tomllib.loads(GLOSSARY.read_text()).items():
        for spelling in {term["term"].lower(), *(word.lower() for word in term["also"])}:
            assert seen.setdefault(spelling, key) == key, spelling


def test_the_glossary_is_written_in_the_canonical_way():
    text = GLOSSARY.read_text()
    assert tomli_w.dumps(tomllib.loads(text)) == text


def test_each_question_of_a_patient_has_its_guide_and_each_guide_its_questions():
    questions = tomllib.loads(QUESTIONS.read_text())["question"]
    assert len(questions) == 60
    for question in questions:
        assert {question["best"], *question["also"]} <= SHIPPED, question["ask"]
    assert {question["best"] for question in questions} == SHIPPED
