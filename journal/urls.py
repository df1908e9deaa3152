from django.urls import path

from journal import choices, leaving

urlpatterns = [
    path("exit/", leaving.leave, name="exit"),
    path("settings/", choices.choices_page, name="journal_choices"),
    path("reminders/stop/<str:token>/", choices.stop_reminders, name="stop_reminders"),
]
