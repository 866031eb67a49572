-- title: Changed outside its code
-- severity: medium
-- kind: ownership
-- fix: Apply the code again, or put the change into it
-- about: A managed resource that was changed by hand is no longer what its code says: the next apply
--   takes the change back, or breaks on it.
-- controls: NIST 800-53 CM-3, CM-6(1); SOC 2 CC8.1; ISO 27001 8.9
SELECT
    coalesce('drift:' || any_value(drift.arn), 'drift:' || drift.source_id || ':' || address) AS subject,
    any_value(drift.arn) AS arn,
    any_value(drift.resource_type) AS resource_type,
    any_value(inventory.account_id) AS account_id,
    any_value(inventory.region) AS region,
    any_value(inventory.name) AS name,
    any_value(drift.source_id) AS owner,
    'drifted' AS status,
    address || CASE WHEN bool_or(drift.state = 'gone') THEN ' is gone'
        ELSE ' differs from its code in ' || string_agg(DISTINCT attribute, ', ' ORDER BY attribute) END
        || coalesce(' (' || any_value(note) || ')', '') AS message,
    CASE WHEN bool_or(regexp_matches(attribute,
        'policy|public|encrypt|kms|security_group|cidr|ingress|egress|logging|protection|role'))
        THEN 'high' END AS severity,
    to_json({'attributes': list({'attribute': attribute, 'expected': expected, 'found': found, 'how': how}
        ORDER BY attribute)}) AS evidence
FROM drift
LEFT JOIN inventory ON inventory.arn = drift.arn
WHERE drift.scan_id = (SELECT scan_id FROM resolved_scan) AND drift.state IN ('drifted', 'gone')
GROUP BY drift.source_id, address
