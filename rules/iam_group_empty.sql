-- title: A group of users without a user
-- severity: info
-- kind: hygiene
-- fix: Delete it
-- about: Its rights wait for whoever is put into it. Said only where the users were listed whole.
-- controls: NIST 800-53 AC-2, CM-7
SELECT crowd.arn, coalesce(crowd.name, crowd.resource_id) || ' has no member' AS message
FROM inventory AS crowd
JOIN cell ON cell.account_id = crowd.account_id AND cell.resource_type = 'AWS::IAM::User' AND cell.complete
WHERE crowd.resource_type = 'AWS::IAM::Group' AND crowd.status = 'unmanaged'
    AND NOT EXISTS (
        SELECT 1 FROM inventory AS member
        WHERE member.resource_type = 'AWS::IAM::User' AND member.account_id = crowd.account_id
            AND list_contains(member.properties->>'$.GroupList[*]', crowd.name)
    )
