from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ketcare.accounts"
    label = "accounts"
