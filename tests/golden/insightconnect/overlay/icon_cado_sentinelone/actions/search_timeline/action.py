import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import SearchTimelineInput, SearchTimelineOutput, Component


class SearchTimeline(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='search_timeline',
            description=Component.DESCRIPTION,
            input=SearchTimelineInput(),
            output=SearchTimelineOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('search_timeline', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
