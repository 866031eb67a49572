-- title: A role made by hand that another account may take
-- severity: medium
-- kind: intruder
-- fix: Find out whose account that is; delete the role, or import it into code with an external id
-- about: Whoever controls the trusted account may act in this one. An account that is not among those
--   scanned is high, everyone is critical.
-- references: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
-- controls: NIST 800-53 AC-3, AC-20; SOC 2 CC6.1
WITH trust AS (
    SELECT arn, name, account_id, list_distinct(
        regexp_extract_all((properties->'$.AssumeRolePolicyDocument')::VARCHAR, 'arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):', 1)
        || regexp_extract_all((properties->'$.AssumeRolePolicyDocument')::VARCHAR, '"AWS"\s*:\s*\[?\s*"(\d{12})"', 1)
    ) AS named
    FROM inventory
    WHERE status = 'unmanaged' AND resource_type = 'AWS::IAM::Role'
), foreigners AS (
    SELECT *, list_sort(list_filter(named, lambda account: account <> account_id)) AS accounts,
        arn IN (SELECT arn FROM exposed) AS everyone
    FROM trust
)
SELECT
    arn,
    name || ' may be taken by ' || CASE WHEN everyone THEN 'everyone' ELSE 'account ' || array_to_string(accounts, ', ') END
        || ' and was made outside code' AS message,
    CASE
        WHEN everyone THEN 'critical'
        WHEN NOT list_has_all((SELECT coalesce(list(DISTINCT account_id), []) FROM look), accounts) THEN 'high'
    END AS severity,
    to_json({'trusted_accounts': accounts}) AS evidence
FROM foreigners
WHERE everyone OR len(accounts) > 0
