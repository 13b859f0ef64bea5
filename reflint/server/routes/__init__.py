"""The routes, one file a topic: each reads a request, has the work done, and answers."""
