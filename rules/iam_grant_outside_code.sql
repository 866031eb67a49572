-- title: Rights added by hand to what code owns
-- severity: high
-- kind: intruder
-- fix: Take the policy away, or write it into the code that owns the principal
-- about: Code owns the role, user or group and not this policy on it: somebody gave it more rights than
--   were reviewed. Administrator rights are critical.
-- controls: NIST 800-53 AC-6, CM-5; CIS 5.4; SOC 2 CC6.1
SELECT
    granted.arn,
    coalesce(granted.name, granted.resource_id) || ' was added by hand to ' || coalesce(holder.name, holder.resource_id)
        || ', which ' || coalesce(holder.owner, 'code') || ' owns' AS message,
    CASE WHEN granted.name = 'AdministratorAccess' OR EXISTS (
        SELECT 1 FROM (SELECT unnest(CASE json_type(granted.properties, '$.PolicyDocument.Statement')
            WHEN 'ARRAY' THEN granted.properties->'$.PolicyDocument.Statement[*]'
            ELSE [granted.properties->'$.PolicyDocument.Statement'] END) AS statement)
        WHERE statement->>'$.Effect' = 'Allow'
            AND (statement->>'$.Action' = '*' OR list_contains(statement->>'$.Action[*]', '*'))
    ) THEN 'critical' END AS severity,
    to_json({'principal': holder.arn, 'owner_of_the_principal': holder.owner}) AS evidence
FROM inventory AS granted
JOIN inventory AS holder ON holder.arn = split_part(granted.arn, '|', 1)
WHERE granted.status = 'unmanaged' AND granted.root IS NULL AND holder.status IN ('managed', 'derived')
    AND granted.resource_type IN ('AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy',
        'Ext::IAM::RolePolicyAttachment', 'Ext::IAM::UserPolicyAttachment', 'Ext::IAM::GroupPolicyAttachment')
