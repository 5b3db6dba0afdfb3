import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import GetCustodyRecordInput, GetCustodyRecordOutput, Component


class GetCustodyRecord(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='get_custody_record',
            description=Component.DESCRIPTION,
            input=GetCustodyRecordInput(),
            output=GetCustodyRecordOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('get_custody_record', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
