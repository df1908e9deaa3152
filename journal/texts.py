"""Texts as the journal keeps them: Unicode NFC, lines end with LF, nothing else is changed and nothing is cut off."""

import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

LONGEST: Final = 50_000  # characters in one box
LONGEST_LINE: Final = 2_000


def as_kept(text: str) -> str:
    """The text in the one form in which it is kept."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class TextField(forms.CharField):
    """A box to write in. White space is the writer's own; what cannot be kept is said, and stays in the box."""

    def __init__(self, *, longest: int = LONGEST, rows: int = 8, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(strip=False, required=False, widget=widget, **options)
        self.longest = longest
        self.validators = [
            ProhibitNullCharactersValidator(
                message=_(
                    "There is a character in it (NUL) that cannot be kept. Take it out, or type the place anew: it may "
                    "have come along with something that was pasted."
                )
            ),
            self._is_not_too_long,
        ]

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the box holds when the form comes back: HTML has no NUL, so its place shows a mark."""
        return data.replace("\0", "\ufffd") if isinstance(data, str) else data

    def to_python(self, value: Any) -> str:
        return as_kept(super().to_python(value) or "")

    def _is_not_too_long(self, text: str) -> None:
        over = len(text) - self.longest
        if over > 0:
            raise ValidationError(
                ngettext(
                    "It is one character longer than fits. All of it is still here: put some of it into a second note.",
                    "It is %(over)d characters longer than fits. All of it is still here: put some of it into a second "
                    "note.",
                    over,
                )
                % {"over": over}
            )


class Box(forms.BoundField):
    """A box among those of a form. Its hint and what is wrong with it describe it, as everywhere; the first one to
    write in (`form.first_box`) is described by what stands above them all, too: that nobody reads along."""

    @property
    def aria_describedby(self) -> str | None:
        own = super().aria_describedby
        is_first = self.name == self.form.first_box  # type: ignore[attr-defined] # each form with such boxes has it
        return " ".join(filter(None, ["above", own])) if is_first else own


class LineField(TextField):
    """A box of one or two lines."""

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        super().__init__(longest=LONGEST_LINE, rows=rows, **options)
