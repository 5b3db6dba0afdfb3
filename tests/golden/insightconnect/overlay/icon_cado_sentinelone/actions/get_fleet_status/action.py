import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import GetFleetStatusInput, GetFleetStatusOutput, Component


class GetFleetStatus(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='get_fleet_status',
            description=Component.DESCRIPTION,
            input=GetFleetStatusInput(),
            output=GetFleetStatusOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('get_fleet_status', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
