-- title: A key or password added by hand
-- severity: high
-- kind: intruder
-- fix: Deactivate it, look at what it did (CloudTrail), delete it, and rotate what it could reach
-- about: Code owns the user and not this credential: a second access key, or a console password on a
--   user that was made for a machine. Whoever holds it acts in the user's name.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
-- controls: NIST 800-53 IA-5, AC-2; CIS 5.1; SOC 2 CC6.1
SELECT
    credential.arn,
    CASE credential.resource_type WHEN 'AWS::IAM::AccessKey' THEN 'access key ' || credential.resource_id ELSE 'a console password' END
        || ' was added by hand to the user ' || coalesce(holder.name, split_part(split_part(credential.arn, '|', 1), '/', -1)) AS message
FROM inventory AS credential
LEFT JOIN inventory AS holder ON holder.arn = split_part(credential.arn, '|', 1)
WHERE credential.status = 'unmanaged' AND credential.root IS NULL
    AND credential.resource_type IN ('AWS::IAM::AccessKey', 'Ext::IAM::LoginProfile')
    AND coalesce(credential.properties->>'$.Status', 'Active') = 'Active'
