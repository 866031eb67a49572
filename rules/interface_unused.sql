-- title: A network interface attached to nothing
-- severity: low
-- kind: hygiene
-- fix: Delete it; where a service leaked it, check that the service is gone
-- about: It holds an address and its security groups open for whoever attaches it next.
-- controls: NIST 800-53 CM-8(3)
SELECT arn, coalesce(name, nullif(properties->>'$.Description', ''), resource_id) || ' is attached to nothing' AS message
FROM inventory
WHERE resource_type = 'AWS::EC2::NetworkInterface' AND status = 'unmanaged' AND properties->>'$.Status' = 'available'
