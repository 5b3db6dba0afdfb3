"""The records that cross the connector: asset, action, endpoint, collection, evidence."""
