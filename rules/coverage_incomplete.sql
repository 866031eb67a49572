-- title: Not all could be seen
-- severity: medium
-- kind: sight
-- fix: Give the scanner's role what `strays policy` prints, or take the cells out with [[out_of_scope]] and a reason
-- about: Denied is not empty. What was not listed may hold strays, and what is claimed there is
--   neither present nor missing.
-- controls: NIST 800-53 CM-8(2)
SELECT
    'coverage:' || account_id || '|' || service || '|' || outcome AS subject,
    count(*) || ' cells of ' || service || ' in account ' || account_id || ' are ' || outcome
        || coalesce(': ' || any_value(message ORDER BY region, resource_type), '') AS message,
    account_id,
    to_json({'outcome': outcome, 'regions': list(DISTINCT region ORDER BY region),
        'types': list(DISTINCT resource_type ORDER BY resource_type)}) AS evidence
FROM cell
WHERE NOT complete AND out_of_scope IS NULL
GROUP BY account_id, service, outcome
