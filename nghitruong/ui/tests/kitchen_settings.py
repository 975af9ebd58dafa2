"""Settings for looking at the kitchen sink by hand."""

from nghitruong.config.settings import *  # noqa: F403
from nghitruong.config.settings import PACKAGE_DIR, TEMPLATES

ROOT_URLCONF = "nghitruong.ui.tests.kitchen"
DEBUG = True
DEMO = True
TEMPLATES[0]["DIRS"] = [str(PACKAGE_DIR / "ui" / "tests" / "templates")]
