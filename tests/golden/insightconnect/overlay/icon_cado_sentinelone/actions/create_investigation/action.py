import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import CreateInvestigationInput, CreateInvestigationOutput, Component


class CreateInvestigation(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='create_investigation',
            description=Component.DESCRIPTION,
            input=CreateInvestigationInput(),
            output=CreateInvestigationOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('create_investigation', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
