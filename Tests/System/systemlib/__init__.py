"""A machine with a real systemd, in a lab network, and what is asked of the service in it."""
