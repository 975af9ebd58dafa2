"""The live process: assembled here, because here every layer may be seen.

Each app may have a ``commands`` module (its burst commands) and a ``live`` module (who hears what,
what a fresh screen shows); each has a function ``register``, called here once.
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

    from nghitruong.platform.live.app import LiveApp

# Two threads share this process: the event loop and the writer. A short interval lets the loop
# read the next taps while the writer works; measured in bench/vote_burst.
SWITCH_SECONDS = 0.001
GRACE_SECONDS = 2  # open requests get this long when the process stops


def register_apps() -> list[str]:
    """Call ``register`` of every app's ``commands`` and ``live``; returns the modules found."""
    from django.apps import apps
    from django.utils.module_loading import module_has_submodule

    found: list[str] = []
    for config in apps.get_app_configs():
        if not config.name.startswith(("nghitruong.council.", "nghitruong.session.")):
            continue
        assert config.module is not None  # noqa: S101  # every app of ours is a package
        for name in ("commands", "live"):
            if module_has_submodule(config.module, name):
                module = importlib.import_module(f"{config.name}.{name}")
                if hasattr(module, "register"):
                    module.register()
                found.append(f"{config.name}.{name}")
    return found


def build() -> LiveApp:
    """The whole application, with static files and the way to web."""
    from django.conf import settings

    from nghitruong.config.warm import load_addresses
    from nghitruong.config.web import socket_paths
    from nghitruong.platform.live.app import LiveApp
    from nghitruong.platform.live.proxy import Proxy
    from nghitruong.platform.live.static import StaticFiles

    register_apps()
    load_addresses()
    return LiveApp(proxy=Proxy(socket_paths()), static=StaticFiles(settings.STATIC_URL))


def make_server(app: LiveApp, *, certfile: str = "", keyfile: str = "") -> uvicorn.Server:
    """Uvicorn, told to end open streams first when it is asked to stop."""
    import uvicorn

    from nghitruong.platform.live.quick import protocol_for

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.closing()
            await super().shutdown(sockets)

    return Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http=protocol_for(app),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
            backlog=4096,
            ssl_certfile=certfile or None,
            ssl_keyfile=keyfile or None,
        )
    )


def main(arguments: Sequence[str]) -> None:
    """``live FD [CERTFILE KEYFILE [PLAIN_FD]]``: serve on sockets inherited from ``serve``."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    django.setup()
    fd, certfile, keyfile, plain = [*arguments, "", "", ""][:4]
    app = build()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not look at it again in a vote
    server = make_server(app, certfile=certfile, keyfile=keyfile)
    sock = socket.socket(fileno=int(fd))
    if plain:
        from nghitruong.config.install_door import run_both

        run_both(server, sock, app, socket.socket(fileno=int(plain)))
    else:
        server.run([sock])
