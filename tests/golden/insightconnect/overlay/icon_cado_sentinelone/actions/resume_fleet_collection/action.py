import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import ResumeFleetCollectionInput, ResumeFleetCollectionOutput, Component


class ResumeFleetCollection(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='resume_fleet_collection',
            description=Component.DESCRIPTION,
            input=ResumeFleetCollectionInput(),
            output=ResumeFleetCollectionOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('resume_fleet_collection', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
