-- title: IAM made by hand
-- about: Users, roles, groups, policies, keys and identity providers that no code owns: each is a way in.
SELECT
    resource_type, coalesce(name, resource_id) AS name, account_id, environment,
    coalesce(created_at, first_seen)::DATE AS since, root, arn
FROM inventory
WHERE status = 'unmanaged'
    AND (resource_type LIKE 'AWS::IAM::%' OR resource_type LIKE 'Ext::Iam::%' OR resource_type LIKE 'AWS::SSO::%')
ORDER BY resource_type, account_id, name, arn;
