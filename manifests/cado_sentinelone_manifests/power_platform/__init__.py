"""Power Platform and Logic Apps: a custom connector to the actions over HTTP."""
