-- title: New since the last scan
-- about: Open findings that the newest scan was the first to see, the gravest first.
SELECT
    severity, rule_id, resource_type, coalesce(name, resource_id) AS name, account_id, region,
    message, finding_id
FROM findings
WHERE state = 'open' AND first_seen >= (SELECT max(started_at) FROM visible_scan)
ORDER BY list_position(['critical', 'high', 'medium', 'low', 'info'], severity), rule_id, finding_id;
