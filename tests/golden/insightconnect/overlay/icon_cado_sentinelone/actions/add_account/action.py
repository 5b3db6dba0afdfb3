import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import AddAccountInput, AddAccountOutput, Component


class AddAccount(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='add_account',
            description=Component.DESCRIPTION,
            input=AddAccountInput(),
            output=AddAccountOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('add_account', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
