-- title: Claimed by code, and not there
-- severity: medium
-- kind: ownership
-- fix: Apply the code to make it again, or remove it from the code
-- about: A state or stack says that it manages this, its cell was listed whole, and it is not there:
--   somebody deleted it by hand, or the state was never cleaned.
-- controls: NIST 800-53 CM-2(2); ISO 27001 8.9
SELECT
    'claim:' || source_id || '|' || address || '|' || claimed_type AS subject,
    CASE WHEN keys[1] LIKE 'arn:%' THEN keys[1] END AS arn,
    address || ' in ' || owner || ' says that it manages ' || claimed_type || ' ' || keys[1]
        || ', and there is no such thing' AS message,
    'missing' AS status,
    resource_type,
    CASE WHEN source_kind = 'terraform' THEN claimed_type END AS terraform_type,
    coalesce(keys[2], keys[1]) AS resource_id,
    account_id,
    coalesce(region, 'global') AS region,
    owner,
    to_json({'sources': [source_id], 'address': address, 'claimed_type': claimed_type, 'keys': keys,
        'because': reason}) AS evidence
FROM claims
WHERE state = 'missing' AND source_kind <> 'tag'
