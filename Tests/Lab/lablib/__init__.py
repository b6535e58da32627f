"""The test network: every host of an inventory, really answering, inside private namespaces."""
