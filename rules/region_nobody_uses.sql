-- title: Strays in a region that no code uses
-- severity: high
-- kind: intruder
-- fix: Find out who works there; deny the region by a service control policy where nobody should
-- about: An intruder works where nobody looks. Code owns nothing in this region of the account, while it
--   owns things in others.
-- references: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
-- controls: NIST 800-53 SI-4, CM-7; CIS 1.2; SOC 2 CC7.2
WITH place AS (
    SELECT account_id, region,
        count(*) FILTER (status IN ('managed', 'derived')) AS owned,
        list(arn ORDER BY arn) FILTER (status = 'unmanaged' AND root IS NULL) AS arns
    FROM inventory
    WHERE region <> 'global'
    GROUP BY account_id, region
)
SELECT
    'region:' || account_id || '|' || region AS subject,
    len(arns) || ' strays in ' || region || ' of account ' || account_id || ', where code owns nothing' AS message,
    'unmanaged' AS status,
    account_id, region,
    to_json({'arns': arns}) AS evidence
FROM place
WHERE owned = 0 AND len(arns) > 0
    AND account_id IN (SELECT account_id FROM place WHERE owned > 0)
    AND NOT EXISTS (
        SELECT 1 FROM source
        WHERE scan_id = (SELECT scan_id FROM resolved_scan) AND outcome NOT IN ('read', 'skipped')
    )
