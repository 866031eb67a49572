-- title: The newest plan of a workspace is old
-- severity: low
-- kind: sight
-- fix: Find out why the nightly plan was not written, or take its place out of the configuration
-- about: Drift is found in plans that somebody else makes. Where none was made since the limit of
--   `max_age`, or since its state was last written, nothing says what has changed by hand.
-- controls: NIST 800-53 CM-6(1)
SELECT
    'plan_stale:' || source_id AS subject,
    source_id || ': ' || message AS message
FROM source
WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND kind = 'plan' AND outcome = 'read'
    AND starts_with(message, 'stale: ')
