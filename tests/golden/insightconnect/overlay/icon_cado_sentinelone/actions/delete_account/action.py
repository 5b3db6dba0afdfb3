import insightconnect_plugin_runtime
from cado_sentinelone_manifests.insightconnect.presenter import Failed, outputs
from insightconnect_plugin_runtime.exceptions import PluginException

from .schema import DeleteAccountInput, DeleteAccountOutput, Component


class DeleteAccount(insightconnect_plugin_runtime.Action):
    def __init__(self):
        super(self.__class__, self).__init__(
            name='delete_account',
            description=Component.DESCRIPTION,
            input=DeleteAccountInput(),
            output=DeleteAccountOutput(),
        )

    def run(self, params={}):
        try:
            return outputs('delete_account', self.connection.settings, params)
        except Failed as failed:
            raise PluginException(cause=failed.cause, assistance=failed.assistance)
