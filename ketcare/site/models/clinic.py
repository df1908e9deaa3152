from django.db import models
from django.utils.translation import gettext_lazy as _


class Clinic(models.Model):
    """The clinic that runs the site: one row, which pages read through `ketcare.site.clinic`."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    after_hours_phone = models.CharField(_("phone after hours"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail for mistakes on a page"), blank=True)
    booking_url = models.URLField(_("booking link"), blank=True)
    session_day_note = models.TextField(_("note for the day of a session"), blank=True)
    solo = models.BooleanField(
        _("one clinician writes and signs"),
        default=False,
        help_text=_(
            "For a clinic with one clinician. They may sign their own words from the day after they were handed in, "
            "and the page says “Written and signed by the same clinician”."
        ),
    )

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinic")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_clinic"),
            models.CheckConstraint(
                condition=models.Q(booking_url="") | models.Q(booking_url__startswith="https://"),
                name="a_booking_link_is_https",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Clinic without a name"))
