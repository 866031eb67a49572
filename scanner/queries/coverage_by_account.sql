-- title: Coverage by account
-- about: Per account and environment: resources, how many of them code owns, strays, and the cells in
--   scope that were not seen whole.
SELECT
    inventory.account_id, any_value(account.name) AS name,
    coalesce(inventory.environment, 'none') AS environment,
    count(*) AS resources,
    count(*) FILTER (inventory.status IN ('managed', 'derived')) AS owned,
    count(*) FILTER (inventory.status = 'unmanaged' AND (root IS NULL OR root = inventory.arn)) AS strays,
    100 * owned // count(*) AS coverage,
    any_value(blind.cells) AS cells_not_seen
FROM inventory
LEFT JOIN (
    SELECT account_id, arg_max(name, scan_id) AS name FROM account GROUP BY account_id
) AS account ON account.account_id = inventory.account_id
LEFT JOIN (
    SELECT account_id, count(*) AS cells FROM cell
    WHERE NOT complete AND out_of_scope IS NULL GROUP BY account_id
) AS blind ON blind.account_id = inventory.account_id
WHERE inventory.status <> 'default'
GROUP BY inventory.account_id, inventory.environment
ORDER BY strays DESC, inventory.account_id, environment;
