"""The services of a run on a real port: certificates whose URLs lead there, and status answers that come from there.

with LivePki() as live:
    planned = live.rewritten(plan(options))
    execute(planned, run=Run(planned, live=live))
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType

from interop.pki.address import rewritten
from interop.pki.issue import issue
from interop.pki.site import Site
from interop.run.plan import Plan
from interop.run.serve import SiteServer
from interop.run.tasks import Keys, guests
from interop.vector.fates import with_fates

__all__ = ["LivePki"]


class LivePki:
    """A server on 127.0.0.1 for the providers of one run. As a context it runs; the port is its own from the beginning."""

    def __init__(self) -> None:
        """Takes a free port. Raises UsageError without one."""
        self._at = datetime(1970, 1, 1, tzinfo=UTC)
        self.server = SiteServer(clock=lambda: self._at)

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.server.base

    def rewritten(self, plan: Plan) -> Plan:
        """The plan with the URLs in all certificates leading here: other certificates, hence other vectors, of the same cases."""
        here = {provider.id: rewritten(provider, self.base) for provider in plan.world.providers}
        return replace(
            plan,
            world=replace(plan.world, providers=tuple(here.values())),
            specs=tuple(replace(spec, provider=here[spec.provider.id]) for spec in plan.specs),
            relying=tuple(here[provider.id] for provider in plan.relying),
        )

    def serve(self, plan: Plan, keys: Keys) -> None:
        """Issue the hierarchies of a plan that was `rewritten`, and answer for them. Raises as `issue` and `Site.build` do."""
        signing = plan.signing if plan.specs else None
        issued = [issue(with_fates(provider, signing), keys.store()) for provider in plan.world.providers]
        self.server.site = Site.build(issued, also={one.provider.id: guests(one, signing) for one in issued})

    def as_of(self, at: datetime) -> None:
        """From now on answers are those of that time."""
        self._at = at

    def __enter__(self) -> LivePki:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()
