-- The past: what changed between two scans ($1 before, $2 after), and what is kept of it.

-- step diff
WITH side(side, last) AS (VALUES ('before', $1), ('after', $2)),
seen AS (
    -- Per side what its scans looked at in a place, and what later ones of them did there.
    SELECT side.side, side.last, looked.*,
        coalesce(bit_or(types) OVER later, xor(types, types)) AS types_later,
        coalesce(bit_or(complete) OVER later, xor(types, types)) AS complete_later
    FROM looked
    JOIN side ON looked.scan_id <= side.last
    JOIN scan ON scan.scan_id = looked.scan_id AND scan.state = 'loaded'
    WINDOW later AS (
        PARTITION BY side.side, account_id, region ORDER BY looked.scan_id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), place AS (
    -- Per side the newest look at each cell.
    SELECT side, account_id, region, resource_type, outcome
    FROM (
        SELECT seen.side, account_id, region, told.outcome, seen.types_later, unnest(told.types) AS number
        FROM coverage_group AS told
        JOIN seen USING (scan_id, account_id, region)
    )
    JOIN type_number USING (number)
    WHERE NOT has_bit(types_later, number)
), thing AS (
    SELECT seen.side, resource.arn, resource.resource_type, resource.resource_id, resource.name,
        resource.account_id, resource.region, resource.cell_region, ownership.status, ownership.owner
    FROM resource
    JOIN type_number USING (resource_type)
    JOIN seen
        ON seen.scan_id = resource.scan_id AND seen.account_id = resource.account_id
        AND seen.region = resource.cell_region
        AND has_bit(seen.types, number) AND NOT has_bit(seen.complete_later, number)
    LEFT JOIN ownership ON ownership.arn = resource.arn AND ownership.scan_id = seen.last
    QUALIFY row_number() OVER (
        PARTITION BY seen.side, resource.arn, resource.resource_type ORDER BY resource.scan_id DESC
    ) = 1
), here AS (SELECT * FROM thing WHERE side = 'after'), there AS (SELECT * FROM thing WHERE side = 'before')
SELECT
    CASE
        WHEN there.arn IS NULL THEN 'new'
        WHEN here.arn IS NULL THEN 'gone'
        ELSE 'owner'
    END AS change,
    coalesce(here.arn, there.arn) AS arn,
    coalesce(here.resource_type, there.resource_type) AS resource_type,
    coalesce(here.resource_id, there.resource_id) AS resource_id,
    coalesce(here.name, there.name) AS name,
    coalesce(here.account_id, there.account_id) AS account_id,
    coalesce(here.region, there.region) AS region,
    concat_ws(' ', there.status, there.owner) AS before,
    concat_ws(' ', here.status, here.owner) AS after
FROM here
FULL JOIN there ON there.arn = here.arn AND there.resource_type = here.resource_type
WHERE here.arn IS NULL OR there.arn IS NULL
    OR (here.status, here.owner) IS DISTINCT FROM (there.status, there.owner)
UNION ALL BY NAME
SELECT 'coverage' AS change, coalesce(here.resource_type, there.resource_type) AS resource_type,
    coalesce(here.account_id, there.account_id) AS account_id,
    coalesce(here.region, there.region) AS region,
    coalesce(there.outcome, 'never tried') AS before, here.outcome AS after
FROM (SELECT * FROM place WHERE side = 'after') AS here
FULL JOIN (SELECT * FROM place WHERE side = 'before') AS there
    ON here.account_id = there.account_id AND here.region = there.region
    AND here.resource_type = there.resource_type
WHERE here.outcome IS DISTINCT FROM there.outcome
ORDER BY list_position(['new', 'gone', 'owner', 'coverage'], change), account_id, region, resource_type, arn;

-- step accept
INSERT OR REPLACE INTO baseline
SELECT finding_id, scan_id, severity, now() AT TIME ZONE 'UTC' FROM finding
WHERE scan_id = $scan AND state = 'open' AND NOT starts_with(rule_id, 'coverage_');

UPDATE finding SET state = 'baselined'
WHERE scan_id = $scan AND state = 'open' AND finding_id IN (SELECT finding_id FROM baseline);

-- step old
-- Scans before $1 that nothing rests on: no cell's newest or newest complete look, not resolved last.
SELECT scan_id FROM scan
WHERE started_at < $1
    AND scan_id NOT IN (SELECT scan_id FROM cell)
    AND scan_id NOT IN (SELECT complete_scan FROM cell WHERE complete_scan IS NOT NULL)
    AND scan_id NOT IN (SELECT scan_id FROM resolved_scan WHERE scan_id IS NOT NULL)
    AND scan_id < coalesce((SELECT max(scan_id) FROM finding), '~')
ORDER BY scan_id
