"""The site's addresses, and a page of the desk with the editor and little else.

What it saves is what a test looks at: the last form that came in.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

from articles.desk.editor import MarkdownEditor
from articles.desk.judging import beside_lines, judge, words_of
from articles.desk.preview import lines_of
from articles.digest import normal_text
from ketcare.urls import handler400, handler403, handler404, handler500
from ketcare.urls import urlpatterns as ours

PAGE = """\
{% extends "admin/base_site.html" %}
{% block extrahead %}{{ block.super }}{{ form.media }}{% endblock %}
{% block extrastyle %}{{ block.super }}<link rel="stylesheet" href="{% static 'admin/css/forms.css' %}">{% endblock %}
{% block content %}
<form method="post" novalidate>{% csrf_token %}
{% if findings is not None %}{% include "admin/articles/findings.html" %}{% endif %}
<fieldset class="module aligned">
{% for field in form %}<div class="form-row"><div class="flex-container">{{ field.label_tag }}{{ field }}</div></div>
{% endfor %}</fieldset>
<div class="submit-row"><input type="submit" value="Save" class="default"></div>
</form>
{% endblock %}
"""
saved: list[dict[str, Any]] = []


class GuideForm(forms.Form):
    title = forms.CharField()
    body = forms.CharField(label="Text", widget=MarkdownEditor)
    sources = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


def page(request: HttpRequest) -> HttpResponse:
    form = GuideForm(request.POST or None, initial=saved[-1] if saved else None)
    findings = None
    if form.is_valid():
        saved.append({name: normal_text(words) for name, words in form.cleaned_data.items()})
        if "look" not in request.GET:
            return HttpResponseRedirect(request.path)
        words = words_of(body=form.cleaned_data["body"], sources=lines_of(form.cleaned_data["sources"]))
        findings = beside_lines(judge(words, language="en").findings, words.body)
    context = {**admin.site.each_context(request), "title": "A guide", "form": form, "findings": findings}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("admin/trial/", admin.site.admin_view(page)), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
