"""`interop serve-pki`: what the services of providers publish, over HTTP on this machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, add_options, cache_folder

__all__ = ["serve_pki"]

EPILOG = f"""
\b
examples
  interop serve-pki --port 8080                       all providers
  interop serve-pki eu-qtsp-natural --at 2026-03-02   its services as of that day
  curl http://127.0.0.1:8080/                         what there is
  curl -x http://127.0.0.1:8080 http://crl.eu-qtsp.example/issuing.crl
  openssl ocsp -url http://127.0.0.1:8080/ocsp.eu-qtsp.example/issuing ...

{exit_codes(0, c0="stopped (SIGINT, SIGTERM)")}
"""


@click.command("serve-pki", epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1.  [default: a free one]")
@click.option("--at", type=INSTANT, metavar="TIME", help="As of when everything answers.  [default: the clock]")
@click.option("--point-here", is_flag=True, help="The URLs in the certificates lead to this server.")
@click.option("--log", is_flag=True, help="Tell every request on standard error.")
@add_options(*CACHE_OPTIONS)
def serve_pki(
    providers: tuple[str, ...], profiles: Path | None, port: int, at: datetime | None, point_here: bool, log: bool,
    cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """Serve CRLs, OCSP, issuer certificates and time-stamps of providers on 127.0.0.1, until stopped.

    The first line on standard output is the base URL. Every http URL in the certificates is answered at /HOST/PATH, and under
    its own name for whoever takes this server as a proxy; `/` lists all.
    """
    import signal
    import threading
    from contextlib import ExitStack

    from interop.cli.console import talk
    from interop.pki.address import rewritten
    from interop.pki.issue import issue
    from interop.pki.site import Site
    from interop.run.execute import keys_of
    from interop.run.plan import Options, plan_check, unknown_id
    from interop.run.serve import SiteServer

    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    with ExitStack() as stack:
        for number, handler in before.items():
            stack.callback(signal.signal, number, handler)
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        world = plan_check(Options(profiles=profiles)).world
        known = {provider.id: provider for provider in world.providers}
        for name in providers:
            if name not in known:
                raise unknown_id("provider", name, known)
        server = SiteServer(port=port, report=talk if log else lambda _: None)
        if at is not None:
            server.clock = lambda: at
        keys = keys_of(profiles, folder).store()
        chosen = [rewritten(p, server.base) if point_here else p for p in (known[name] for name in providers or known)]
        stack.enter_context(server)
        server.site = Site.build([issue(provider, keys) for provider in chosen])
        click.echo(f"{server.base}/")
        stopped.wait()
    return 0
