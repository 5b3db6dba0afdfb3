import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, settings, test
from insightconnect_plugin_runtime.exceptions import ConnectionTestException

from .schema import ConnectionSchema


class Connection(insightconnect_plugin_runtime.Connection):
    def __init__(self):
        super(self.__class__, self).__init__(input=ConnectionSchema())

    def connect(self, params={}):
        self.settings = settings(params)

    def test(self):
        try:
            return test(self.settings)
        except Failed as failed:
            raise ConnectionTestException(cause=failed.cause, assistance=failed.assistance)
