-- From the rows of `coverage` to what it is kept in. $scan is the scan's id, `%` stands for all.

-- step number
UPDATE type_number SET service = said.service
FROM (SELECT resource_type, any_value(service) AS service FROM $incoming GROUP BY resource_type) AS said
WHERE said.resource_type = type_number.resource_type AND said.service <> type_number.service;

INSERT INTO type_number
SELECT resource_type, service,
    (SELECT count(*) FROM type_number) + row_number() OVER (ORDER BY resource_type) - 1 AS number
FROM (SELECT resource_type, any_value(service) AS service FROM $incoming GROUP BY resource_type)
ANTI JOIN type_number USING (resource_type);

-- step group
INSERT INTO coverage_group BY NAME
SELECT scan_id, account_id, region, outcome, error_code, message, resources, calls,
    min(finished_at) AS finished_at, list(number) AS types
FROM $incoming
JOIN type_number USING (resource_type)
GROUP BY ALL;

-- step note
DELETE FROM looked WHERE scan_id LIKE $scan;

-- 4,096 bits: twice the types that there are.
INSERT INTO looked
SELECT scan_id, account_id, region, types, coalesce(complete, xor(types, types)) AS complete
FROM (
    SELECT scan_id, account_id, region,
        bitstring_agg(number, 0, 4095) AS types,
        bitstring_agg(number, 0, 4095) FILTER (outcome IN ('ok', 'unavailable')) AS complete
    FROM (SELECT scan_id, account_id, region, outcome, unnest(types) AS number FROM coverage_group)
    WHERE scan_id LIKE $scan
    GROUP BY scan_id, account_id, region
)
