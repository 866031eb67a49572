-- title: Changed outside its code
-- severity: medium
-- kind: ownership
-- fix: Apply the code again, or put the change into it
-- about: A managed resource that was changed by hand is no longer what its code says: the next apply
--   takes the change back, or breaks on it.
-- controls: NIST 800-53 CM-3, CM-6(1); SOC 2 CC8.1; ISO 27001 8.9
WITH told AS (
    SELECT *, coalesce('drift:' || arn, 'drift:' || source_id || ':' || address) AS subject
    FROM drift
    WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND state IN ('drifted', 'gone')
)
SELECT
    subject,
    any_value(told.arn) AS arn,
    any_value(told.resource_type) AS resource_type,
    any_value(inventory.account_id) AS account_id,
    any_value(inventory.region) AS region,
    any_value(inventory.name) AS name,
    min(told.source_id) AS owner,
    'drifted' AS status,
    min(address) || CASE WHEN bool_or(told.state = 'gone') THEN ' is gone'
        ELSE ' differs from its code in ' || string_agg(DISTINCT attribute, ', ' ORDER BY attribute) END
        || coalesce(' (' || string_agg(DISTINCT note, '; ' ORDER BY note) || ')', '') AS message,
    CASE WHEN bool_or(regexp_matches(lower(attribute),
        'policy|public|encrypt|kms|security_?group|cidr|ingress|egress|logging|protection|role'))
        THEN 'high' END AS severity,
    to_json({
        'attributes': list({'attribute': attribute, 'expected': expected, 'found': found, 'how': how}
            ORDER BY attribute, how, expected, found),
        'sources': list_sort(list(DISTINCT CASE how WHEN 'plan' THEN source_id
            WHEN 'state' THEN 'drift of states' ELSE 'drift of ' || source_id END))
    }) AS evidence
FROM told
LEFT JOIN inventory ON inventory.arn = told.arn
GROUP BY subject
