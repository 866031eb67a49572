-- What is open to the world, and by what: the temporary table `exposed` (arn, how), which rules may
-- read. Only what the inventory's own documents say; a bucket's policy is not among them.

-- step exposed
CREATE OR REPLACE TEMP TABLE exposed AS
WITH group_open AS (
    SELECT DISTINCT region, account_id, properties->>'$.GroupId' AS group_id,
        CASE WHEN properties->>'$.IpProtocol' = '-1' THEN 'all ports'
            ELSE 'port ' || (properties->>'$.FromPort')
                || CASE WHEN properties->>'$.FromPort' = properties->>'$.ToPort' THEN ''
                    ELSE '-' || (properties->>'$.ToPort') END
        END AS ports,
        arn AS rule_arn
    FROM inventory
    WHERE resource_type = 'Ext::EC2::SecurityGroupRule'
        AND properties->>'$.IsEgress' = 'false'
        AND (properties->>'$.CidrIpv4' = '0.0.0.0/0' OR properties->>'$.CidrIpv6' = '::/0')
), reachable AS (
    SELECT arn, account_id, region, unnest(properties->>'$.SecurityGroups[*].GroupId') AS group_id
    FROM inventory
    WHERE resource_type = 'AWS::EC2::Instance' AND properties->>'$.PublicIpAddress' IS NOT NULL
    UNION ALL
    SELECT arn, account_id, region, unnest(properties->>'$.Groups[*].GroupId')
    FROM inventory
    WHERE resource_type = 'AWS::EC2::NetworkInterface' AND properties->>'$.Association.PublicIp' IS NOT NULL
    UNION ALL
    SELECT arn, account_id, region, unnest(properties->>'$.SecurityGroups[*]')
    FROM inventory
    WHERE resource_type = 'AWS::ElasticLoadBalancingV2::LoadBalancer' AND properties->>'$.Scheme' = 'internet-facing'
    UNION ALL
    SELECT arn, account_id, region, unnest(properties->>'$.VpcSecurityGroups[*].VpcSecurityGroupId')
    FROM inventory
    WHERE resource_type IN ('AWS::RDS::DBInstance', 'AWS::Redshift::Cluster')
        AND properties->>'$.PubliclyAccessible' = 'true'
), policy AS (
    SELECT inventory.arn, unnest(CASE json_type(document, '$.Statement')
        WHEN 'ARRAY' THEN document->'$.Statement[*]' ELSE [document->'$.Statement'] END) AS statement
    FROM (
        SELECT arn, TRY_CAST(properties->>'$.Policy' AS JSON) AS document FROM inventory
        WHERE resource_type IN ('AWS::SQS::Queue', 'AWS::SNS::Topic')
        UNION ALL
        SELECT arn, properties->'$.AssumeRolePolicyDocument' FROM inventory
        WHERE resource_type = 'AWS::IAM::Role'
    ) AS inventory
    WHERE json_valid(document)
)
SELECT rule_arn AS arn, 'it lets everyone in on ' || ports AS how FROM group_open
UNION
SELECT reachable.arn, 'reachable from everywhere on ' || group_open.ports
FROM reachable JOIN group_open USING (account_id, region, group_id)
UNION
SELECT owned.arn, 'its group lets everyone in on ' || group_open.ports
FROM inventory AS owned
JOIN group_open ON owned.account_id = group_open.account_id AND owned.region = group_open.region
    AND owned.resource_id = group_open.group_id
WHERE owned.resource_type = 'AWS::EC2::SecurityGroup'
UNION
SELECT arn, 'everyone may use the policy''s principal *' FROM policy
WHERE statement->>'$.Effect' = 'Allow' AND NOT json_exists(statement, '$.Condition')
    AND (statement->>'$.Principal' = '*' OR statement->>'$.Principal.AWS' = '*'
        OR list_contains(statement->>'$.Principal.AWS[*]', '*'))
UNION
SELECT arn, 'its URL asks for no sign-in' FROM inventory
WHERE resource_type = 'AWS::Lambda::Url' AND properties->>'$.AuthType' = 'NONE'
UNION
SELECT parent_arn, 'its URL asks for no sign-in' FROM inventory
WHERE resource_type = 'AWS::Lambda::Url' AND properties->>'$.AuthType' = 'NONE' AND parent_arn IS NOT NULL
UNION
SELECT arn, 'everyone may start it' FROM inventory
WHERE resource_type = 'AWS::EC2::Image' AND properties->>'$.Public' = 'true'
UNION
SELECT arn, 'everyone may reach its API' FROM inventory
WHERE resource_type = 'AWS::EKS::Cluster'
    AND properties->>'$.resourcesVpcConfig.endpointPublicAccess' = 'true'
    AND list_contains(properties->>'$.resourcesVpcConfig.publicAccessCidrs[*]', '0.0.0.0/0')
