-- title: An old access key
-- severity: medium
-- kind: hygiene
-- fix: Make a new one, move its users to it, deactivate the old one, then delete it; better a role
-- about: A key lives until somebody ends it. The older, the more places hold a copy.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
-- controls: NIST 800-53 IA-5(1); CIS 5.3; PCI DSS 8.6.3
-- params: days = 90
SELECT
    arn,
    resource_id || ' of ' || coalesce(properties->>'$.UserName', '?') || ' is '
        || date_diff('day', created_at, (SELECT max(started_at) FROM visible_scan)) || ' days old' AS message
FROM inventory
WHERE resource_type = 'AWS::IAM::AccessKey' AND properties->>'$.Status' = 'Active'
    AND created_at < (SELECT max(started_at) FROM visible_scan) - to_days($days)
