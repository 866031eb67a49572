-- title: What could not be seen
-- about: Cells in scope whose newest look was not complete, by account, service and reason, with when
--   each was last seen whole.
SELECT
    account_id, service, outcome, error_code, count(*) AS cells,
    count(DISTINCT region) AS regions, count(DISTINCT resource_type) AS types,
    max(complete_scan) AS last_complete_scan
FROM cell
WHERE NOT complete AND out_of_scope IS NULL
GROUP BY ALL
ORDER BY cells DESC, account_id, service, outcome;
