-- title: The oldest strays
-- about: Strays by the time they were made, where AWS tells it, else by when a scan first saw them;
--   things that hang on another stray are counted under it.
SELECT
    coalesce(stray.created_at, stray.first_seen)::DATE AS since,
    date_diff('day', coalesce(stray.created_at, stray.first_seen), stray.seen_at) AS days,
    stray.resource_type, coalesce(stray.name, stray.resource_id) AS name, stray.account_id,
    stray.region, coalesce(hanging.n, 0) AS dependents, stray.arn
FROM inventory AS stray
LEFT JOIN (
    SELECT root, count(*) AS n FROM inventory WHERE root <> arn GROUP BY root
) AS hanging ON hanging.root = stray.arn
WHERE stray.status = 'unmanaged' AND (stray.root IS NULL OR stray.root = stray.arn)
ORDER BY since, stray.arn
LIMIT 100;
