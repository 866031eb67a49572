-- title: An old copy of a state lies beside a newer one
-- severity: info
-- kind: ownership
-- fix: Remove the old copy, or stop naming it as a source
-- about: Two files of one lineage say different things. Only the newer one claims; somebody who
--   works with the older one would undo what the newer did.
-- controls: NIST 800-53 CM-2(2)
SELECT
    'stale:' || source_id AS subject,
    source_id || ': ' || message AS message,
    account_id,
    to_json({'serial': serial, 'lineage': lineage}) AS evidence
FROM source
WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND outcome = 'skipped'
    AND starts_with(message, 'an older copy')
