import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import AddExclusionsInput, AddExclusionsOutput, Component


class AddExclusions(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='add_exclusions',
            description=Component.DESCRIPTION,
            input=AddExclusionsInput(),
            output=AddExclusionsOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('add_exclusions', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
