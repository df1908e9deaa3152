from django.urls import path

from journal.views import entries, sessions, today, trash, unsaved, writing

urlpatterns = [
    path("", today.today, name="today"),
    path("note/", writing.write_note, name="write_note"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", sessions.add_session, name="add_session"),
    path("sessions/<uuid:ref>/", sessions.session, name="session"),
    path("sessions/<uuid:ref>/change/", sessions.change_session, name="change_session"),
    path("sessions/<uuid:ref>/call-off/", sessions.call_off_session, name="call_off_session"),
    path("sessions/<uuid:ref>/takes-place/", sessions.session_takes_place, name="session_takes_place"),
    path("sessions/<uuid:ref>/intentions/", writing.write_intentions, name="write_intentions"),
    path("sessions/<uuid:ref>/note/", writing.write_note, name="write_session_note"),
    path("sessions/<uuid:ref>/day/<int:day>/", writing.write_day, name="write_day"),
    path("entries/", entries.entries, name="entries"),
    path("entries/before/<uuid:ref>/", entries.entries, name="entries_before"),
    path("entries/<uuid:ref>/", entries.entry, name="entry"),
    path("entries/<uuid:ref>/change/", writing.change_entry, name="change_entry"),
    path("entries/<uuid:ref>/keep/", entries.keep_entry, name="keep_entry"),
    path("entries/<uuid:ref>/versions/", entries.versions, name="versions"),
    path("entries/<uuid:ref>/versions/<int:number>/", entries.bring_back_version, name="bring_back_version"),
    path("entries/<uuid:ref>/trash/", trash.trash_entry, name="trash_entry"),
    path("entries/<uuid:ref>/restore/", trash.restore_entry, name="restore_entry"),
    path("entries/<uuid:ref>/delete/", trash.delete_entry, name="delete_entry"),
    path("trash/", trash.trash, name="trash"),
    path("unsaved/", unsaved.unsaved_texts, name="unsaved_texts"),
    path("unsaved/keep/", unsaved.keep_draft, name="keep_draft"),
    path("unsaved/<uuid:form>/", unsaved.draft, name="draft"),
    path("unsaved/<uuid:form>/drop/", unsaved.drop_draft, name="drop_draft"),
]
