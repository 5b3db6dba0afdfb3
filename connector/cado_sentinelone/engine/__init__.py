"""The life of a collection: plan, states, launch, follow, reconcile, ledger."""
