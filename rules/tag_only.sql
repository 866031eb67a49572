-- title: Owned by a tag alone
-- severity: info
-- kind: ownership
-- fix: Show Strays the state or stack behind the tag, or import the resource into code
-- about: A configured tag claims it and nothing else does. A tag can be forged, so where only code
--   may make changes this is a finding like a stray.
-- controls: NIST 800-53 CM-3
SELECT arn, 'owned by the tag ' || owner_address || ' alone' AS message
FROM inventory
WHERE status = 'managed' AND owner_source = 'tag'
