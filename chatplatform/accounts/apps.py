from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "chatplatform.accounts"
