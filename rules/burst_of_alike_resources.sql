-- title: Many alike strays at once
-- severity: critical
-- kind: intruder
-- fix: Find out who made them (CloudTrail: the create events of that minute), stop them, rotate the credentials used
-- about: A thief of credentials starts many alike machines at once, often in a region nobody looks
--   at. Code that scales does so in groups that own what they start.
-- controls: NIST 800-53 SI-4; CIS 1.2; SOC 2 CC7.2
-- params: minimum = 10; minutes = 15
WITH stray AS (
    SELECT *, coalesce(properties->>'$.InstanceType', properties->>'$.DBInstanceClass', '') AS size,
        time_bucket(to_minutes($minutes), coalesce(created_at, first_seen)) AS minute
    FROM inventory
    WHERE status = 'unmanaged' AND root IS NULL AND parent_arn IS NULL
)
SELECT
    'burst:' || account_id || '|' || region || '|' || resource_type || '|' || size || '|' || minute AS subject,
    count(*) || ' alike strays (' || resource_type || CASE WHEN size = '' THEN '' ELSE ' ' || size END
        || ') were made in ' || region || ' within ' || $minutes || ' minutes' AS message,
    'unmanaged' AS status,
    resource_type, account_id, region,
    to_json({'made': minute, 'size': size, 'arns': list(arn ORDER BY arn)}) AS evidence
FROM stray
GROUP BY account_id, region, resource_type, size, minute
HAVING count(*) >= $minimum
