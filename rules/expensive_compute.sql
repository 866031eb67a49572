-- title: Expensive compute that no code made
-- severity: high
-- kind: intruder
-- fix: Find out who started it (CloudTrail RunInstances), stop it, and rotate the credentials used
-- about: GPU, metal and the largest machines are what stolen credentials are used for first. Code that
--   needs them is reviewed; these were started by hand. One finding per account, region and size.
-- references: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html
-- controls: NIST 800-53 SI-4, CM-8(3); CIS 1.2; SOC 2 CC7.2
-- params: sizes = "^(ml\\.|db\\.|cache\\.)?((p|g|gr|inf|trn|dl|vt|f|hpc|u)[0-9u-]|.*metal|.*\\.(24|32|48|56|96|112)xlarge)"
SELECT
    'expensive:' || account_id || '|' || region || '|' || resource_type || '|' || size AS subject,
    count(*) || ' ' || size || ' (' || resource_type || ') in ' || region || ' of account ' || account_id
        || ', and no code owns ' || CASE count(*) WHEN 1 THEN 'it' ELSE 'them' END AS message,
    'unmanaged' AS status,
    resource_type, account_id, region,
    to_json({'size': size, 'arns': list(arn ORDER BY arn)}) AS evidence
FROM (
    SELECT *, coalesce(properties->>'$.InstanceType', properties->>'$.DBInstanceClass', properties->>'$.NodeType',
        properties->>'$.CacheNodeType') AS size
    FROM inventory
)
WHERE status = 'unmanaged' AND root IS NULL AND regexp_matches(size, $sizes)
    AND coalesce(properties->>'$.State.Name', '') NOT IN ('stopped', 'stopping')
GROUP BY account_id, region, resource_type, size
