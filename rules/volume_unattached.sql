-- title: A volume attached to nothing
-- severity: low
-- kind: hygiene
-- fix: Take a last snapshot if its data matters, then delete it
-- about: It costs money, and whoever may attach it reads it.
-- controls: NIST 800-53 CM-8(3), MP-6; CIS 1.2
-- params: days = 7
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || (properties->>'$.Size') || ' GiB) is attached to nothing' AS message
FROM inventory
WHERE resource_type = 'AWS::EC2::Volume' AND status = 'unmanaged' AND properties->>'$.State' = 'available'
    AND coalesce(created_at, first_seen) < (SELECT max(started_at) FROM visible_scan) - to_days($days)
