-- title: A user that no code made
-- severity: high
-- kind: intruder
-- fix: Disable its keys and sign-in, look at what it did (CloudTrail), then delete it or import it into code
-- about: An IAM user made by hand is how an intruder stays. With administrator rights it is critical.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
-- controls: NIST 800-53 AC-2, CM-5; CIS 5.1; SOC 2 CC6.1
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') was made outside code' AS message,
    CASE WHEN list_contains(properties->>'$.AttachedManagedPolicies[*].PolicyName', 'AdministratorAccess') THEN 'critical' END
        AS severity
FROM inventory
WHERE status = 'unmanaged' AND resource_type = 'AWS::IAM::User'
