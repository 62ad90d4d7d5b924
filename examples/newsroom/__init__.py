"""Five small news sites with their truth, for the demo and the tests: see README.md. `server` serves them on loopback."""
