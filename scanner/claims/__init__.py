"""Claims: what states and stacks say that they manage. One module per source."""
