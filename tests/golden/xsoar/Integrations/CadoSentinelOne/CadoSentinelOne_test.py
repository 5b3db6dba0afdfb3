from CadoSentinelOne import COMMANDS


def test_every_command_stands_for_an_action():
    """
    Given: the commands of the integration.
    When: looking at what each stands for.
    Then: it is an action with a place in the context.
    """
    assert len(COMMANDS) == 29
    assert all(command.action and command.prefix.startswith("CadoS1.") for command in COMMANDS.values())
