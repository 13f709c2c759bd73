"""The hooks and the action, run as their hosts run them: `make test-hooks`."""
