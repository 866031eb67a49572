-- Marks the open findings of a scan that somebody allowed. $scan is the scan's id.

-- step out_of_scope
UPDATE finding
SET state = 'excepted', exception_id = 'out_of_scope: ' || allowed.reason
FROM (
    SELECT finding.finding_id, min(entry.reason) AS reason
    FROM finding
    JOIN out_of_scope AS entry
        ON entry.scan_id = $scan AND NOT entry.expired
        AND finding.account_id GLOB entry.account
        AND finding.region GLOB entry.region
        AND finding.resource_type GLOB entry.type
    WHERE finding.scan_id = $scan
    GROUP BY finding.finding_id
) AS allowed
WHERE finding.scan_id = $scan AND finding.state = 'open' AND finding.finding_id = allowed.finding_id;

-- step covered
-- Which finding each exception covers, expired ones too; `ignore` lines are read afterwards.
CREATE OR REPLACE TEMP TABLE covered AS
SELECT entry.exception_id, entry.expired, finding.finding_id
FROM finding
JOIN exception AS entry
    ON entry.scan_id = $scan
    AND finding.rule_id GLOB entry.rule
    AND (entry.type = '*' OR coalesce(finding.resource_type GLOB entry.type, false)
        OR coalesce(finding.terraform_type GLOB entry.type, false))
    AND (entry.account = '*' OR coalesce(finding.account_id GLOB entry.account, false))
    AND (entry.environment = '*' OR coalesce(finding.environment GLOB entry.environment, false))
    AND (entry.region = '*' OR coalesce(finding.region GLOB entry.region, false))
LEFT JOIN (SELECT DISTINCT ON (arn) arn, terraform_id, tags FROM inventory ORDER BY arn, resource_type) AS thing
    ON thing.arn = finding.arn
WHERE finding.scan_id = $scan
    AND (entry.resource = '*' OR coalesce(finding.arn GLOB entry.resource, false)
        OR coalesce(finding.resource_id GLOB entry.resource, false)
        OR coalesce(thing.terraform_id GLOB entry.resource, false))
    AND len(list_filter(map_entries(entry.tags),
        lambda tag: NOT coalesce(thing.tags[tag.key] GLOB tag.value, false))) = 0;

-- step except
UPDATE finding
SET state = 'excepted', exception_id = allowed.exception_id
FROM (
    SELECT finding_id, min(exception_id) AS exception_id FROM covered WHERE NOT expired GROUP BY finding_id
) AS allowed
WHERE finding.scan_id = $scan AND finding.state = 'open' AND finding.finding_id = allowed.finding_id;

UPDATE exception
SET hits = counted.hits
FROM (SELECT exception_id, count(*) AS hits FROM covered GROUP BY exception_id) AS counted
WHERE exception.scan_id = $scan AND exception.exception_id = counted.exception_id;

DROP TABLE covered;

-- step baseline
-- What was accepted as known stays so until it closes, or grows more severe.
UPDATE finding
SET state = 'baselined'
FROM baseline
WHERE finding.scan_id = $scan AND finding.state = 'open'
    AND baseline.finding_id = finding.finding_id
    AND list_position(['critical', 'high', 'medium', 'low', 'info'], finding.severity)
        >= list_position(['critical', 'high', 'medium', 'low', 'info'], baseline.severity)
    AND NOT EXISTS (
        SELECT 1 FROM finding AS past
        WHERE past.finding_id = finding.finding_id AND past.state = 'closed'
            AND past.scan_id > baseline.scan_id AND past.scan_id < $scan
    )
