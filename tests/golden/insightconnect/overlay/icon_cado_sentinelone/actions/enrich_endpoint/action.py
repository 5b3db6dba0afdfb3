import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import EnrichEndpointInput, EnrichEndpointOutput, Component


class EnrichEndpoint(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='enrich_endpoint',
            description=Component.DESCRIPTION,
            input=EnrichEndpointInput(),
            output=EnrichEndpointOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('enrich_endpoint', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
