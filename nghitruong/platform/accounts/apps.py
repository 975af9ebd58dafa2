from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nghitruong.platform.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        """A browser that changes hands keeps no ticket of the hall."""
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from nghitruong.platform.accounts import middleware

        user_logged_in.connect(middleware.signed_in, dispatch_uid="accounts.signed_in")
        user_logged_out.connect(middleware.signed_out, dispatch_uid="accounts.signed_out")
