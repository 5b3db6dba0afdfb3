"""StackStorm: a pack with an action per action, a workflow and an example of a rule."""
