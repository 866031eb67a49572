"""Who made it: write events of CloudTrail, read from trails, exports or LookupEvents."""
