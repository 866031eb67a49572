-- title: A trail that records nothing, or not everything
-- severity: high
-- kind: sight
-- fix: Start its logging again, and find out who stopped it
-- about: Without a trail nobody can say who made what. The first thing that an intruder stops is the
--   recording.
-- controls: NIST 800-53 AU-12; CIS 3.1; SOC 2 CC7.2; ISO 27001 8.15
SELECT
    arn,
    coalesce(name, resource_id) || ' does not record (its logging is off)' AS message,
    'high' AS severity
FROM inventory
WHERE resource_type = 'AWS::CloudTrail::Trail' AND properties->>'$.Status.IsLogging' = 'false'
UNION ALL
SELECT
    arn,
    coalesce(name, resource_id) || ' cannot deliver: ' || (properties->>'$.Status.LatestDeliveryError')
        AS message,
    'medium' AS severity
FROM inventory
WHERE resource_type = 'AWS::CloudTrail::Trail'
    AND coalesce(properties->>'$.Status.LatestDeliveryError', '') <> ''
