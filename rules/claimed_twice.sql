-- title: Two states or stacks own one resource
-- severity: low
-- kind: ownership
-- fix: Remove it from all but one of them (`terraform state rm`, or a retained resource)
-- about: Two sources of truth fight over it: each apply undoes the other's.
-- controls: NIST 800-53 CM-2
WITH told AS (
    SELECT arn, source_id, owner, address FROM claims
    WHERE state = 'matched' AND source_kind <> 'tag' AND NOT inline
), twice AS (
    SELECT arn FROM told GROUP BY arn HAVING min(source_id) <> max(source_id)
)
SELECT
    arn,
    'claimed ' || count(DISTINCT source_id) || ' times: '
        || string_agg(DISTINCT owner || ' as ' || address, ', ' ORDER BY owner || ' as ' || address) AS message,
    to_json({'sources': list(DISTINCT source_id ORDER BY source_id), 'claimed_by': list({'owner': owner, 'address': address, 'source': source_id})}) AS evidence
FROM told SEMI JOIN twice USING (arn)
GROUP BY arn
