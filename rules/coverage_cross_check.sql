-- title: AWS counts what was not scanned
-- severity: low
-- kind: sight
-- fix: Scan these types too (--type, or --all-types for those nobody reviewed), or take them out with [[out_of_scope]]; strays query --name cross_checks lists them
-- about: AWS Config, Resource Explorer or CloudFormation's resource scan ([scan] cross_check) counts
--   resources of types that the scan does not list there, so no verdict speaks of them.
-- controls: NIST 800-53 CM-8(2)
SELECT
    'cross-check:' || account_id || '|' || source AS subject,
    source || ' counts ' || sum(not_scanned) || ' resources of ' || count(*) || ' types in account '
        || account_id || ' that were not scanned: '
        || array_to_string(list(counted_type || ' (' || not_scanned || ')'
            ORDER BY not_scanned DESC, counted_type)[:5], ', ')
        || CASE WHEN count(*) > 5 THEN ' ...' ELSE '' END AS message,
    account_id,
    'low' AS severity,
    to_json(map(list(counted_type ORDER BY counted_type), list(not_scanned ORDER BY counted_type))) AS evidence
FROM cross_checked
WHERE not_scanned > 0
    AND NOT EXISTS (
        SELECT 1 FROM out_of_scope
        WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND NOT expired
            AND region = '*' AND account_id GLOB account AND counted_type GLOB type
    )
GROUP BY account_id, source
UNION ALL
SELECT
    'cross-check:' || account_id || '|' || source || '|' || outcome,
    source || ' could not be asked in ' || count(*) || ' regions of account ' || account_id
        || ': ' || any_value(coalesce(message, outcome) ORDER BY region),
    account_id,
    'info',
    to_json({'outcome': outcome, 'regions': list(region ORDER BY region)})
FROM cross_check
WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND outcome <> 'counted'
GROUP BY account_id, source, outcome
