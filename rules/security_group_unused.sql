-- title: A security group that nothing uses
-- severity: info
-- kind: hygiene
-- fix: Delete it
-- about: It waits to be picked by the next machine, with rules that nobody looks at. Said only where the
--   interfaces of its region were listed whole.
-- controls: NIST 800-53 CM-8(3), CM-7
WITH used AS (
    SELECT account_id, region, unnest(properties->>'$.Groups[*].GroupId') AS group_id
    FROM inventory WHERE resource_type = 'AWS::EC2::NetworkInterface'
    UNION
    SELECT account_id, region, properties->>'$.ReferencedGroupInfo.GroupId'
    FROM inventory WHERE resource_type = 'Ext::EC2::SecurityGroupRule'
        AND properties->>'$.ReferencedGroupInfo.GroupId' <> properties->>'$.GroupId'
)
SELECT wall.arn, coalesce(wall.name, wall.resource_id) || ' is used by no interface and no other group' AS message
FROM inventory AS wall
JOIN cell
    ON cell.account_id = wall.account_id AND cell.region = wall.region
    AND cell.resource_type = 'AWS::EC2::NetworkInterface' AND cell.complete
WHERE wall.resource_type = 'AWS::EC2::SecurityGroup' AND wall.status = 'unmanaged' AND wall.root IS NULL
    AND (wall.account_id, wall.region, wall.resource_id) NOT IN (SELECT (account_id, region, group_id) FROM used WHERE group_id IS NOT NULL)
