from django.urls import path

from ketcare.accounts import deletion_views, views, ways_back
from ketcare.site import first_steps

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("browsers/", views.browsers, name="browsers"),
    path("browsers/end/", views.end_browsers, name="end_browsers"),
    path("events/", views.own_events, name="own_events"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    path("first-steps/next/", first_steps.next_step, name="first_steps_next"),
    path("first-steps/clinic/", first_steps.clinic, name="first_steps_clinic"),
    path("first-steps/crisis-region/", first_steps.region, name="first_steps_region"),
    path("first-steps/reviewer/", first_steps.reviewer, name="first_steps_reviewer"),
    path("ways-back/", ways_back.ways_back, name="ways_back"),
    path("ways-back/stop/<str:token>/", ways_back.stop_factor_reset, name="stop_factor_reset"),
    path("delete/", deletion_views.delete_account, name="delete_account"),
    path("delete/now/", deletion_views.delete_account_now, name="delete_account_now"),
    path("delete/later/", deletion_views.delete_account_later, name="delete_account_later"),
    path("delete/not/", deletion_views.keep_account, name="keep_account"),
    path("2fa/totp/qr.svg", views.totp_qr, name="totp_qr"),
]
