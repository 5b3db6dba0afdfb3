"""What only SentinelOne's side holds."""

from cado_sentinelone.sandbox.world import World


class SentinelOneState:
    """Users, roles, exclusions and activities of the world."""

    def __init__(self, world: World) -> None:
        """Found them."""
        self.world = world
