"""What of StackStorm's base class a pack's action uses; the real one is in no package index."""


class Action:
    def __init__(self, config=None, action_service=None):
        self.config = config or {}
        self.action_service = action_service
