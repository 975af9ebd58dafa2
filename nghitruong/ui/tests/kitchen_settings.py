"""Settings for looking at the kitchen sink by hand."""

from nghitruong.config.settings import *  # noqa: F403
from nghitruong.config.settings import PACKAGE_DIR, TEMPLATES
from nghitruong.ui import navigation
from nghitruong.ui.navigation import NavItem

ROOT_URLCONF = "nghitruong.ui.tests.kitchen"
DEBUG = True
DEMO = True
TEMPLATES[0]["DIRS"] = [str(PACKAGE_DIR / "ui" / "tests" / "templates")]
LANGUAGES = [("vi", "Tiếng Việt")]

navigation.register(NavItem("Việc hôm nay", "home", "sink", order=1))
navigation.register(NavItem("Đại biểu", "users", "groups", order=2))
