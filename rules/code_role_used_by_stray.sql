-- title: A stray that acts in the name of code
-- severity: high
-- kind: intruder
-- fix: Stop it, look at what it did with the role (CloudTrail), and narrow who may pass the role
-- about: A machine or function made by hand runs with a role that code owns: rights that were reviewed
--   for something else.
-- controls: NIST 800-53 AC-6, CM-5; SOC 2 CC6.1
WITH user_of AS (
    SELECT arn, name, resource_id, resource_type, unnest([
        properties->>'$.IamInstanceProfile.Arn', properties->>'$.Role', properties->>'$.RoleArn', properties->>'$.TaskRoleArn'
    ]) AS taken
    FROM inventory
    WHERE status = 'unmanaged' AND root IS NULL
        AND resource_type IN ('AWS::EC2::Instance', 'AWS::Lambda::Function', 'AWS::SageMaker::NotebookInstance')
)
SELECT
    user_of.arn,
    coalesce(user_of.name, user_of.resource_id) || ' (' || user_of.resource_type || ') was made outside code and acts as '
        || min(coalesce(role.name, role.resource_id)) || ', which ' || min(coalesce(role.owner, 'code')) || ' owns' AS message,
    to_json({'acts_as': list(role.arn ORDER BY role.arn)}) AS evidence
FROM user_of
JOIN inventory AS role ON role.arn = user_of.taken AND role.status IN ('managed', 'derived')
GROUP BY user_of.arn, user_of.name, user_of.resource_id, user_of.resource_type
