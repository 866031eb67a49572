"""What has changed under what code owns: by plans, by stacks, and by direct comparison."""
