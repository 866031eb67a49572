-- title: A way to sign in that no code made
-- severity: high
-- kind: intruder
-- fix: Find out who runs the provider and which roles trust it; delete it, or import it into code
-- about: Whoever runs an identity provider can vouch for anybody. One made by hand opens every role that
--   trusts it.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html
-- controls: NIST 800-53 IA-8, AC-2; SOC 2 CC6.1
SELECT
    arn,
    coalesce(name, resource_id) || ' (' || resource_type || ') was made outside code' AS message
FROM inventory
WHERE status = 'unmanaged' AND resource_type IN ('AWS::IAM::OIDCProvider', 'AWS::IAM::SAMLProvider')
