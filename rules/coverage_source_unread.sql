-- title: A state or stack could not be read
-- severity: medium
-- kind: sight
-- fix: Mend the source, or take it out of the configuration
-- about: What it owns looks like a stray as long as it is not read.
-- controls: NIST 800-53 CM-8(2)
SELECT
    'source:' || source_id AS subject,
    source_id || ' was not read: ' || coalesce(message, outcome) AS message,
    account_id,
    region,
    to_json({'kind': kind, 'outcome': outcome}) AS evidence
FROM source
WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND outcome NOT IN ('read', 'skipped')
