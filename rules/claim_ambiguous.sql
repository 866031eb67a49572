-- title: A claim that fits two resources
-- severity: low
-- kind: ownership
-- fix: Give the claim an ARN, an account or a region (refresh the state with a current provider)
-- about: What fits two resources claims neither. Both are shown as unknown until the claim is made
--   clear.
-- controls: NIST 800-53 CM-8
SELECT
    'claim:' || source_id || '|' || address || '|' || claimed_type AS subject,
    address || ' in ' || owner || ' (' || claimed_type || ') fits ' || len(candidates)
        || ' resources: ' || array_to_string(candidates, ', ') AS message,
    'unknown' AS status,
    resource_type,
    CASE WHEN source_kind = 'terraform' THEN claimed_type END AS terraform_type,
    keys[1] AS resource_id,
    account_id,
    region,
    owner,
    to_json({'sources': [source_id], 'address': address, 'candidates': candidates}) AS evidence
FROM claims
WHERE state = 'ambiguous'
