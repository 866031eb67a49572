-- title: A stack's resource whose drift cannot be checked
-- severity: info
-- kind: sight
-- fix: Look at it by hand, or give Strays a plan that covers it
-- about: CloudFormation detects no drift of some types. What was not checked is not clean.
-- controls: NIST 800-53 CM-6(1)
SELECT
    'drift_unchecked:' || drift.source_id || ':' || address AS subject,
    min(drift.resource_type) AS resource_type,
    address || ' (' || min(drift.resource_type) || ') was not checked for drift'
        || coalesce(': ' || min(note), '') AS message,
    to_json({'sources': [CASE min(how) WHEN 'state' THEN 'drift of states'
        ELSE 'drift of ' || drift.source_id END]}) AS evidence
FROM drift
WHERE drift.scan_id = (SELECT scan_id FROM resolved_scan) AND drift.state = 'unchecked'
GROUP BY drift.source_id, address
