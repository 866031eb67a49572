-- title: Strays by creator
-- about: Who made the strays and through what, as far as trails tell; the rest is counted as unknown.
SELECT
    coalesce(creator, 'unknown') AS creator, coalesce(channel, 'unknown') AS channel,
    count(*) AS strays, count(DISTINCT account_id) AS accounts,
    min(first_seen)::DATE AS first, max(first_seen)::DATE AS last,
    string_agg(DISTINCT resource_type, ', ' ORDER BY resource_type) AS types
FROM findings
WHERE state = 'open' AND status = 'unmanaged' AND arn IS NOT NULL
GROUP BY ALL
ORDER BY strays DESC, creator, channel;
