import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import RemoveExclusionsInput, RemoveExclusionsOutput, Component


class RemoveExclusions(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='remove_exclusions',
            description=Component.DESCRIPTION,
            input=RemoveExclusionsInput(),
            output=RemoveExclusionsOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('remove_exclusions', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
