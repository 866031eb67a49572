-- title: No code was read
-- severity: high
-- kind: sight
-- fix: Name the states with --from or [[terraform]] in strays.toml
-- about: No state, no stack and no tag claims anything, so all that is not AWS's own looks like a stray.
-- controls: NIST 800-53 CM-2
SELECT
    'no code' AS subject,
    count(*) || ' resources look like strays since no state, stack or agreed tag was read' AS message
FROM inventory
WHERE status = 'unmanaged'
    AND NOT EXISTS (SELECT 1 FROM claims)
    AND NOT EXISTS (
        SELECT 1 FROM source WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND outcome = 'read'
    )
HAVING count(*) > 0
