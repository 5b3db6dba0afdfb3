import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import TestConnectivityInput, TestConnectivityOutput, Component


class TestConnectivity(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='test_connectivity',
            description=Component.DESCRIPTION,
            input=TestConnectivityInput(),
            output=TestConnectivityOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('test_connectivity', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
