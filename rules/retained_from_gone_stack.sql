-- title: Left over from a stack
-- severity: medium
-- kind: ownership
-- fix: Import it into a stack or state, or delete it
-- about: CloudFormation's own tag names a stack that no longer holds it: a retained resource, or the
--   rest of a deleted stack.
-- references: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
-- controls: NIST 800-53 CM-8(3)
SELECT
    arn,
    'once ' || coalesce(tags['aws:cloudformation:logical-id'], 'a resource') || ' of stack '
        || coalesce(tags['aws:cloudformation:stack-name'], tags['aws:cloudformation:stack-id'])
        || ', which does not list it now' AS message,
    to_json({'stack': tags['aws:cloudformation:stack-id'], 'logical_id': tags['aws:cloudformation:logical-id']}) AS evidence
FROM inventory
WHERE status = 'unmanaged' AND tags['aws:cloudformation:stack-id'] IS NOT NULL
