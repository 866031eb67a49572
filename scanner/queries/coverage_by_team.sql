-- title: Coverage by team
-- about: Per value of the tag `team` (or `owner`): resources, how many of them code owns, and the
--   share in per cent. What AWS made by itself is left out.
SELECT
    coalesce(nullif(tags['team'], ''), nullif(tags['owner'], ''), 'no team tag') AS team,
    count(*) AS resources,
    count(*) FILTER (status IN ('managed', 'derived')) AS owned,
    count(*) FILTER (status = 'unmanaged' AND (root IS NULL OR root = arn)) AS strays,
    100 * owned // count(*) AS coverage
FROM inventory
WHERE status <> 'default'
GROUP BY team
ORDER BY strays DESC, team;
