-- title: Administrator rights that no code gave
-- severity: critical
-- kind: intruder
-- fix: Find out who may assume it, take its rights away, then delete it or import it into code
-- about: A role or group made by hand with administrator rights is the whole account in somebody's
--   pocket. Users are left to `iam_principal_outside_code`.
-- controls: NIST 800-53 AC-6, AC-2; CIS 5.4; SOC 2 CC6.1
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') was made outside code and has administrator rights' AS message
FROM inventory
WHERE status = 'unmanaged' AND resource_type IN ('AWS::IAM::Role', 'AWS::IAM::Group')
    AND list_contains(properties->>'$.AttachedManagedPolicies[*].PolicyName', 'AdministratorAccess')
