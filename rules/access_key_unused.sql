-- title: An access key that nobody uses
-- severity: low
-- kind: hygiene
-- fix: Deactivate it, and delete it where nobody misses it
-- about: Nobody would notice whoever else uses it.
-- controls: NIST 800-53 AC-2(3); CIS 5.3
-- params: days = 90
SELECT
    arn,
    resource_id || ' of ' || coalesce(properties->>'$.UserName', '?') || ' was last used '
        || coalesce('on ' || strftime(used_at, '%Y-%m-%d'), 'never') AS message
FROM (
    SELECT *, TRY_CAST(properties->>'$.AccessKeyLastUsed.LastUsedDate' AS TIMESTAMP) AS used_at
    FROM inventory
    WHERE resource_type = 'AWS::IAM::AccessKey' AND json_exists(properties, '$.AccessKeyLastUsed')
)
WHERE properties->>'$.Status' = 'Active'
    AND coalesce(used_at, created_at) < (SELECT max(started_at) FROM visible_scan) - to_days($days)
