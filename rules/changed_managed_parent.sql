-- title: Something made by hand inside what code owns
-- severity: medium
-- kind: intruder
-- fix: Remove it, or write it into the code that owns the whole
-- about: Code owns the whole and not this part: an alias, a subscription, an event source mapping, a
--   listener or a record that somebody added by hand. The next plan does not show it.
-- controls: NIST 800-53 CM-3, CM-5; SOC 2 CC8.1
SELECT
    part.arn,
    coalesce(part.name, part.resource_id) || ' (' || part.resource_type || ') was added by hand to '
        || coalesce(whole.name, whole.resource_id) || ', which ' || coalesce(whole.owner, 'code') || ' owns' AS message,
    to_json({'part_of': whole.arn, 'owner_of_the_whole': whole.owner}) AS evidence
FROM inventory AS part
JOIN inventory AS whole ON whole.arn = part.parent_arn
WHERE part.status = 'unmanaged' AND part.root IS NULL AND whole.status IN ('managed', 'derived')
    AND NOT starts_with(part.resource_type, 'AWS::IAM::') AND NOT starts_with(part.resource_type, 'Ext::IAM::')
    AND part.resource_type <> 'Ext::EC2::SecurityGroupRule'
