-- title: A stray that is protected against deletion
-- severity: medium
-- kind: intruder
-- fix: Find out who protected it and why; lift the protection, or import it into code
-- about: Whoever made it outside code did not want it to be removed. That is care, or a foothold.
-- controls: NIST 800-53 CM-8(3); CIS 1.2
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') is owned by no code and protected against deletion' AS message
FROM inventory
WHERE status = 'unmanaged' AND root IS NULL
    AND (lower(properties->>'$.DeletionProtection') IN ('true', 'active', 'enabled')
        OR lower(properties->>'$.DeletionProtectionEnabled') = 'true'
        OR lower(properties->>'$.deletionProtection') = 'true'
        OR starts_with(lower(properties->>'$.DeregistrationProtection'), 'enabled')
        OR lower(properties->>'$.EnableTerminationProtection') = 'true')
