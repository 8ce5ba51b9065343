"""Python's cyclic collector runs seldom: each handler imports this before anything else.

An import of all that a handler needs leaves some 110,000 objects, which the collector would walk again and again, by default at each
700 new ones: a tenth of a cold start's CPU. What is dropped in a request is freed by its reference count, as ever; only what refers to
itself waits, at most some 30 MB of it.
"""

import gc

OBJECTS = 200_000
"""New objects between two collections of the youngest: about twice what the imports leave."""

gc.set_threshold(OBJECTS, 10, 10)
