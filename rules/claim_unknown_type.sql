-- title: A claim of a type that the catalog does not know
-- severity: info
-- kind: ownership
-- fix: Tell the maintainers, or scan with --all-types; what is claimed so is neither managed nor missing here
-- about: The state or stack manages something that Strays does not list: it is named and counted, not
--   lost, and says where the inventory ends.
-- controls: NIST 800-53 CM-8
SELECT
    'unknown_type:' || claimed_type AS subject,
    count(*) || ' claims of ' || claimed_type || ', which the catalog does not know, in '
        || count(DISTINCT source_id) || ' sources' AS message,
    to_json({'sources': list(DISTINCT source_id ORDER BY source_id)[:20],
        'addresses': list(DISTINCT address ORDER BY address)[:20]}) AS evidence
FROM claims
WHERE state = 'unknown_type'
GROUP BY claimed_type
