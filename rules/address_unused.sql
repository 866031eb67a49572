-- title: A public address that nothing uses
-- severity: low
-- kind: hygiene
-- fix: Release it, after taking DNS records that point to it away
-- about: It costs money, and a name that still points to a released address is an open door.
-- controls: NIST 800-53 CM-8(3); CIS 1.2
SELECT arn, (properties->>'$.PublicIp') || ' is associated with nothing' AS message
FROM inventory
WHERE resource_type = 'AWS::EC2::EIP' AND status = 'unmanaged'
    AND coalesce(properties->>'$.AssociationId', properties->>'$.InstanceId', properties->>'$.NetworkInterfaceId', '') = ''
