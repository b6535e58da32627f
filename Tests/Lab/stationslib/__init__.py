"""Four links with stations on them: what `discover` has to find, and how well it did."""
