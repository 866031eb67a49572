-- title: A machine stopped for long
-- severity: low
-- kind: hygiene
-- fix: Take an image if it matters, then terminate it
-- about: It is not patched while it is off, its disks cost money, and one call starts it again.
-- controls: NIST 800-53 CM-8(3), SI-2; CIS 1.2
-- params: days = 30
SELECT
    arn,
    coalesce(name, resource_id) || ' has been stopped since ' || strftime(stopped_at, '%Y-%m-%d') AS message,
    to_json({'stopped_at': stopped_at}) AS evidence
FROM (
    SELECT *, TRY_CAST(regexp_extract(properties->>'$.StateTransitionReason', '\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)', 1)
        AS TIMESTAMP) AS stopped_at
    FROM inventory WHERE resource_type = 'AWS::EC2::Instance' AND properties->>'$.State.Name' = 'stopped'
)
WHERE status = 'unmanaged' AND stopped_at < (SELECT max(started_at) FROM visible_scan) - to_days($days)
