-- title: A security-group rule made by hand
-- severity: medium
-- kind: intruder
-- fix: Revoke it, or write it into the code that owns the group
-- about: Code owns the group and not this rule: somebody opened a door in a wall that was reviewed.
--   Where the rule lets everyone in, that is how an intruder comes back.
-- controls: NIST 800-53 SC-7, CM-5; CIS 4.1; PCI DSS 1.2.2; SOC 2 CC8.1
SELECT
    rule.arn,
    CASE rule.properties->>'$.IsEgress' WHEN 'true' THEN 'egress to ' ELSE 'ingress from ' END
        || coalesce(rule.properties->>'$.CidrIpv4', rule.properties->>'$.CidrIpv6', rule.properties->>'$.PrefixListId',
            rule.properties->>'$.ReferencedGroupInfo.GroupId', 'somewhere')
        || ' was added by hand to ' || coalesce(wall.name, wall.resource_id) || ', which '
        || coalesce(wall.owner, 'AWS') || ' owns'
        || CASE WHEN open.how IS NULL THEN '' ELSE ': ' || open.how END AS message,
    CASE WHEN open.how IS NOT NULL THEN 'critical' WHEN rule.properties->>'$.IsEgress' = 'true' THEN 'low' END AS severity,
    to_json({'group': wall.arn, 'group_owner': wall.owner, 'open_by': open.how}) AS evidence
FROM inventory AS rule
JOIN inventory AS wall
    ON wall.resource_type = 'AWS::EC2::SecurityGroup' AND wall.account_id = rule.account_id
    AND wall.region = rule.region AND wall.resource_id = rule.properties->>'$.GroupId'
LEFT JOIN (SELECT arn, min(how) AS how FROM exposed GROUP BY arn) AS open ON open.arn = rule.arn
WHERE rule.resource_type = 'Ext::EC2::SecurityGroupRule' AND rule.status = 'unmanaged' AND wall.status <> 'unmanaged'
