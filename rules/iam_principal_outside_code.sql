-- title: A way in that no code made
-- severity: high
-- kind: intruder
-- fix: Disable its keys and sign-in, look at what it did (CloudTrail), then delete it or import it into code
-- about: An IAM user, access key, login profile or identity provider made by hand is how an intruder
--   stays. Roles that only AWS services may take are left to `unmanaged_resource`.
-- controls: NIST 800-53 AC-2, CM-5; SOC 2 CC6.1
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') was made outside code' AS message,
    CASE WHEN (properties::VARCHAR) LIKE '%AdministratorAccess%' THEN 'critical' END AS severity
FROM inventory
WHERE status = 'unmanaged' AND (
    resource_type IN ('AWS::IAM::User', 'AWS::IAM::OIDCProvider', 'AWS::IAM::SAMLProvider')
    OR (resource_type IN ('AWS::IAM::AccessKey', 'AWS::IAM::UserPolicy', 'AWS::IAM::RolePolicy',
            'Ext::IAM::RolePolicyAttachment', 'Ext::IAM::UserPolicyAttachment') AND root IS NULL)
    OR (resource_type = 'AWS::IAM::Role' AND (properties::VARCHAR) LIKE '%"AWS":%')
)
