"""A package, for pytest ends what has its scope with it: the browser's loop would be in the way of tests that come after."""
