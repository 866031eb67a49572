"""The commands, a module a group. Adding a module with an `app` adds its commands."""
