"""Makers: each makes one thing by hand and returns it as the Terraform provider records it.

So the same call serves both sides of the demo: what a state shall own is handed to `State.add`,
what nobody owns is only written into the ledger.
"""
