import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import ListEndpointsInput, ListEndpointsOutput, Component


class ListEndpoints(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='list_endpoints',
            description=Component.DESCRIPTION,
            input=ListEndpointsInput(),
            output=ListEndpointsOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('list_endpoints', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
