"""Runs every action of the pack; rendered, not written: change the actions instead."""

from cado_sentinelone_manifests.stackstorm.presenter import result
from st2common.runners.base_action import Action


class Run(Action):
    """StackStorm makes one per execution, with the pack's configuration."""

    def run(self, **parameters):
        return result(self.config, parameters)
