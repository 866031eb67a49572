-- From the cells of a scan to a bit for each: `looked`. $scan is the scan's id, `%` stands for all.

-- step note
DELETE FROM looked WHERE scan_id LIKE $scan;

INSERT INTO type_number
SELECT resource_type,
    (SELECT count(*) FROM type_number) + row_number() OVER (ORDER BY resource_type) - 1 AS number
FROM (SELECT DISTINCT resource_type FROM coverage WHERE scan_id LIKE $scan)
ANTI JOIN type_number USING (resource_type);

-- 4,096 bits: twice the types that there are.
INSERT INTO looked
SELECT scan_id, account_id, region, types, coalesce(complete, xor(types, types)) AS complete
FROM (
    SELECT scan_id, account_id, region,
        bitstring_agg(number, 0, 4095) AS types,
        bitstring_agg(number, 0, 4095) FILTER (outcome IN ('ok', 'unavailable')) AS complete
    FROM coverage
    JOIN type_number USING (resource_type)
    WHERE scan_id LIKE $scan
    GROUP BY scan_id, account_id, region
)
