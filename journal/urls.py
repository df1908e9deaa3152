from django.urls import path

from journal import leaving

urlpatterns = [
    path("exit/", leaving.leave, name="exit"),
]
