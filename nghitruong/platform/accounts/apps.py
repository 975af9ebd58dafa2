from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nghitruong.platform.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
