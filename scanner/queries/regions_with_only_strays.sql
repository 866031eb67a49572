-- title: Regions that hold strays and nothing else
-- about: Where nobody works and something runs all the same: look here first for an intruder.
SELECT
    account_id, region, count(*) AS strays, min(coalesce(created_at, first_seen))::DATE AS since,
    string_agg(DISTINCT resource_type, ', ' ORDER BY resource_type) AS types
FROM inventory
WHERE status <> 'default' AND region <> 'global'
GROUP BY account_id, region
HAVING bool_and(status = 'unmanaged')
ORDER BY strays DESC, account_id, region;
