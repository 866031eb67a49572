-- title: Strays by type
-- about: How many resources of each type there are, and how many of them no code owns.
SELECT
    resource_type, count(*) AS resources,
    count(*) FILTER (status IN ('managed', 'derived')) AS owned,
    count(*) FILTER (status = 'unmanaged' AND (root IS NULL OR root = arn)) AS strays,
    count(*) FILTER (status = 'unmanaged' AND root <> arn) AS dependents
FROM inventory
GROUP BY resource_type
HAVING count(*) FILTER (status = 'unmanaged') > 0
ORDER BY strays DESC, resource_type;
