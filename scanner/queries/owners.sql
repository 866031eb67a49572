-- title: Owners and what they own
-- about: Every state, stack and agreed tag that owns something, with the kinds of resources and how many.
SELECT
    owner_source, owner, count(*) AS resources, count(*) FILTER (status = 'derived') AS derived,
    count(DISTINCT resource_type) AS types, count(DISTINCT account_id) AS accounts
FROM inventory
WHERE owner IS NOT NULL
GROUP BY owner_source, owner
ORDER BY resources DESC, owner;
