-- title: A tag says that code owns it, and no code does
-- severity: medium
-- kind: ownership
-- fix: Find the state that should hold it and name it with --from, or treat it as a stray
-- about: Whoever may tag may write ManagedBy=terraform. A tag is a claim that nothing proves.
-- controls: NIST 800-53 CM-8(3)
-- params: pattern = "terraform|opentofu|cloudformation|cdk|pulumi"
SELECT
    arn,
    'tagged ' || tag.key || '=' || tag.value || ', and no state, stack or agreed tag claims it' AS message,
    to_json({'tag': tag}) AS evidence
FROM (SELECT arn, status, root, unnest(map_entries(tags)) AS tag FROM inventory)
WHERE status = 'unmanaged' AND root IS NULL
    AND regexp_matches(lower(tag.key), '^(managed-?_?by|terraform|iac|created-?_?by|provisioner|tool)$')
    AND (regexp_matches(lower(tag.value), $pattern) OR (lower(tag.key) = 'terraform' AND lower(tag.value) IN ('true', 'yes', '1')))
