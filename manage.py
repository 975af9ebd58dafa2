#!/usr/bin/env python
"""Django's command line; ``nghitruong`` is the same with this project's settings."""

from nghitruong.__main__ import main

if __name__ == "__main__":
    main()
