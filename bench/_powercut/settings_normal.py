"""The product's settings with the unsafe backend beside this file."""

from nghitruong.config.settings import *  # noqa: F403
from nghitruong.config.settings import DATABASES

DATABASES["default"]["ENGINE"] = "bench._powercut.normal"
