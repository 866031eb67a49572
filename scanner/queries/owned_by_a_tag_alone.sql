-- title: Owned by a tag alone
-- about: Resources that only an agreed tag claims: whoever may tag can make a stray look managed.
SELECT owner, resource_type, coalesce(name, resource_id) AS name, account_id, region, environment, arn
FROM inventory
WHERE status = 'managed' AND owner_source = 'tag'
ORDER BY owner, resource_type, account_id, arn;
