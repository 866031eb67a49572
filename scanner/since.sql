-- Which cells need no look: nothing has written there since the last one, as far as trails tell.

-- step fresh
-- `source_type` (event_source, resource_type; `*` for any type) is made before: what events may touch.
-- $1 the oldest scan whose looks count, $2 looks before it are too old, $3 up to then events must be
-- read, $4 this version of Strays.
WITH look AS (
    SELECT cell.account_id, cell.region, cell.resource_type, scan.started_at - INTERVAL 5 MINUTE AS since
    FROM cell
    JOIN scan USING (scan_id)
    WHERE cell.complete AND cell.scan_id >= $1 AND scan.started_at >= $2 AND scan.strays_version = $4
), home AS (
    -- The regions of each account as it was entered last.
    SELECT account_id, unnest(arg_max(regions, scan_id)) AS region
    FROM account WHERE scan_id IN (SELECT scan_id FROM visible_scan) AND outcome = 'ok' GROUP BY account_id
), heard AS (
    -- From when on events are known without a hole up to now; null where they are not.
    SELECT home.account_id, home.region,
        CASE WHEN event_mark.read_through >= $3 THEN event_mark.read_from END AS read_from
    FROM home
    LEFT JOIN event_mark USING (account_id, region)
), sure AS (
    SELECT account_id, region, read_from FROM heard
    UNION ALL
    -- What is listed once for all regions may be written from any of them.
    SELECT account_id, 'global', CASE WHEN bool_and(read_from IS NOT NULL) THEN max(read_from) END
    FROM heard GROUP BY account_id
), touched AS (
    SELECT event.account_id, event.region, source_type.resource_type, max(event.event_time) AS written_at
    FROM event JOIN source_type USING (event_source)
    WHERE event.event_time >= $2 - INTERVAL 1 DAY
    GROUP BY ALL
), written AS (
    SELECT account_id, region, resource_type, written_at FROM touched
    UNION ALL
    SELECT account_id, 'global', resource_type, max(written_at) FROM touched GROUP BY ALL
), fresh AS (
    SELECT look.account_id, look.region, look.resource_type
    FROM look
    JOIN sure ON sure.account_id = look.account_id AND sure.region = look.region
        AND sure.read_from <= look.since
    WHERE NOT EXISTS (
        SELECT 1 FROM written
        WHERE written.account_id = look.account_id AND written.region = look.region
            AND written.resource_type IN (look.resource_type, '*') AND written.written_at >= look.since
    )
    -- Where a finding is open, the next look is what closes it.
    AND NOT EXISTS (
        SELECT 1 FROM findings
        WHERE findings.state <> 'closed' AND findings.account_id = look.account_id
            AND findings.resource_type = look.resource_type
            AND (look.region = 'global' OR findings.region = look.region)
    )
), place AS (
    SELECT account_id, region, string_agg(resource_type, ' ' ORDER BY resource_type) AS types
    FROM fresh GROUP BY account_id, region
)
SELECT types, list((account_id, region)) AS places FROM place GROUP BY types

-- step counted
-- $1 the sources to compare. What was counted by the scan that looked at a cell; what names no type
-- of the catalog has no cell.
WITH told AS (
    SELECT scan_id, account_id, region, source, resource_type, sum(resources)::BIGINT AS resources
    FROM cross_check
    WHERE outcome = 'counted' AND resource_type IS NOT NULL AND list_contains($1::VARCHAR[], source)
    GROUP BY ALL
)
SELECT told.account_id,
    string_agg(concat_ws(' ', told.source, told.region, told.resource_type, told.resources), chr(10)) AS counts
FROM cell
JOIN told ON told.scan_id = cell.scan_id AND told.account_id = cell.account_id
    AND told.region = cell.region AND told.resource_type = cell.resource_type
WHERE cell.complete
GROUP BY told.account_id
