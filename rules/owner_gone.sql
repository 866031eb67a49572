-- title: Its owner is gone
-- severity: medium
-- kind: ownership
-- fix: Delete it if nothing uses it, or import it into code
-- about: AWS says that something else made this, and that something no longer exists: a leaked
--   interface, an instance of a deleted Auto Scaling group, a log group of a deleted function.
-- controls: NIST 800-53 CM-8(3)
SELECT
    arn,
    'made by ' || (evidence->>'$.owner_gone[0]') || ', which is gone' AS message
FROM inventory
WHERE status = 'unmanaged' AND root IS NULL AND (evidence->'$.owner_gone[0]') IS NOT NULL
