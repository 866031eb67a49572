-- title: A resource that no code owns
-- severity: medium
-- kind: ownership
-- fix: Import it into code (`strays explain ARN` says what is known of it), or delete it
-- about: An environment that is changed only by code can be redeployed, rolled back and reviewed.
--   One hand-made resource breaks that, and plans and stack drift checks never look at it.
-- controls: NIST 800-53 CM-8(3); CIS 1.2; ISO 27001 8.9; SOC 2 CC8.1
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') is in no state, stack or agreed tag'
        AS message
FROM inventory
WHERE status = 'unmanaged' AND root IS NULL
