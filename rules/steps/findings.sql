-- From hits to findings. $scan is the scan's id.

-- step snapshot
-- Rules ask the same view over and over: while they run, a table of the same name stands before it.
CREATE TEMP TABLE inventory AS SELECT * FROM inventory;

-- step drop_snapshot
DROP TABLE temp.inventory;

-- step hits
CREATE OR REPLACE TEMP TABLE hit (
    rule_id VARCHAR, kind VARCHAR, fix VARCHAR, title VARCHAR, graded VARCHAR,
    subject VARCHAR, arn VARCHAR, message VARCHAR, severity VARCHAR, status VARCHAR,
    evidence JSON, resource_type VARCHAR, terraform_type VARCHAR, resource_id VARCHAR,
    name VARCHAR, account_id VARCHAR, region VARCHAR, owner VARCHAR, root VARCHAR,
    environment VARCHAR, cluster_id VARCHAR, creator VARCHAR, channel VARCHAR,
    -- Filled in by judge.py.
    judged VARCHAR, regraded BOOLEAN, known BOOLEAN, made TIMESTAMP, open_to_world BOOLEAN
);

-- step findings
CREATE OR REPLACE TEMP TABLE held_by AS
SELECT root AS arn, count(*) AS dependents FROM inventory WHERE root IS NOT NULL GROUP BY root;

-- Each finding as it stood last, whenever that was.
CREATE OR REPLACE TEMP TABLE earlier AS
SELECT finding_id, first_seen, reopened_at, state = 'closed' AS closed, closed_at
FROM finding
WHERE (finding_id, scan_id) IN (
    SELECT (finding_id, max(scan_id)) FROM finding WHERE scan_id < $scan GROUP BY finding_id
);

-- What the newest look at its cell would have shown and did not, since it was not complete.
CREATE OR REPLACE TEMP TABLE last_look AS
SELECT resource.arn, resource.resource_type, scan.started_at,
    coalesce(resource.scan_id < cell.scan_id, false) AS unseen
FROM current_resource AS resource
JOIN scan USING (scan_id)
LEFT JOIN (SELECT * FROM cell WHERE NOT complete) AS cell
    ON cell.account_id = resource.account_id
    AND cell.region = resource.cell_region
    AND cell.resource_type = resource.resource_type;

INSERT INTO finding BY NAME
SELECT
    sha256(hit.rule_id || '|' || coalesce(hit.subject, hit.arn))[1:16] AS finding_id,
    $scan AS scan_id,
    hit.rule_id,
    hit.severity,
    CASE WHEN last_look.unseen THEN 'not_seen' ELSE 'open' END AS state,
    coalesce(hit.status, thing.status) AS status,
    hit.arn,
    coalesce(hit.resource_type, thing.resource_type) AS resource_type,
    coalesce(hit.terraform_type, thing.terraform_type) AS terraform_type,
    coalesce(hit.resource_id, thing.resource_id) AS resource_id,
    coalesce(hit.name, thing.name) AS name,
    coalesce(hit.account_id, thing.account_id) AS account_id,
    coalesce(hit.region, thing.region) AS region,
    hit.environment,
    coalesce(hit.owner, thing.owner) AS owner,
    coalesce(hit.root, thing.root) AS root,
    coalesce(held_by.dependents, 0) AS dependents,
    hit.cluster_id,
    hit.creator,
    hit.channel,
    coalesce(hit.message, hit.title) AS message,
    hit.fix,
    json_merge_patch(
        coalesce(thing.evidence, '{}'::JSON), coalesce(hit.evidence, '{}'::JSON),
        CASE WHEN hit.judged IS NULL THEN '{}'::JSON ELSE json_object('severity_because', hit.judged) END
    ) AS evidence,
    coalesce(earlier.first_seen, scan.started_at) AS first_seen,
    coalesce(last_look.started_at, scan.started_at) AS last_seen,
    CASE WHEN earlier.closed THEN scan.started_at ELSE earlier.reopened_at END AS reopened_at
FROM hit
JOIN scan ON scan.scan_id = $scan
LEFT JOIN inventory AS thing ON thing.arn = hit.arn
LEFT JOIN last_look ON last_look.arn = thing.arn AND last_look.resource_type = thing.resource_type
LEFT JOIN held_by ON held_by.arn = hit.arn
LEFT JOIN earlier
    ON earlier.finding_id = sha256(hit.rule_id || '|' || coalesce(hit.subject, hit.arn))[1:16]
QUALIFY row_number() OVER (
    PARTITION BY hit.rule_id, coalesce(hit.subject, hit.arn)
    ORDER BY list_position(['critical', 'high', 'medium', 'low', 'info'], hit.severity), hit.message
) = 1;

DROP TABLE hit;
DROP TABLE held_by;
DROP TABLE earlier;
DROP TABLE last_look;

-- step carry
-- Sources that earlier findings rest on, of which this scan says neither that they were read nor
-- that they are gone: with one unread source of a kind, no other of it is known to be gone.
CREATE OR REPLACE TEMP TABLE unheard AS
WITH before AS (
    SELECT finding_id, unnest(evidence->>'$.sources[*]') AS source_id
    FROM finding
    WHERE scan_id = (SELECT max(scan_id) FROM finding WHERE scan_id < $scan)
        AND json_exists(evidence, '$.sources')
), said AS (
    SELECT *, CASE
        WHEN source_id LIKE 'arn:%:cloudformation:%' THEN 'cloudformation'
        WHEN source_id LIKE 'plan://%' THEN 'plan'
        WHEN source_id = 'drift of states' THEN 'state_drift'
        WHEN source_id LIKE 'drift of arn:%' THEN 'stack_drift'
        ELSE 'terraform' END AS kind
    FROM before
)
SELECT DISTINCT finding_id
FROM said
WHERE source_id NOT IN (SELECT source_id FROM source WHERE scan_id = $scan AND outcome = 'read')
    AND (
        kind IN (SELECT kind FROM source WHERE scan_id = $scan AND outcome NOT IN ('read', 'skipped'))
        OR (kind <> 'cloudformation' AND kind NOT IN (SELECT kind FROM source WHERE scan_id = $scan))
        OR (kind = 'cloudformation' AND NOT EXISTS (
            SELECT 1 FROM coverage
            WHERE scan_id = $scan AND outcome = 'ok' AND resource_type = 'AWS::CloudFormation::Stack'
                AND account_id = split_part(said.source_id, ':', 5)
                AND region = split_part(said.source_id, ':', 4)
        ))
    );

-- A finding closes only when its own cell was listed `ok` by this scan, and what it rests on is known.
INSERT INTO finding BY NAME
WITH before AS (
    SELECT * FROM finding
    WHERE scan_id = (SELECT max(scan_id) FROM finding WHERE scan_id < $scan)
        AND state <> 'closed'
        AND finding_id NOT IN (SELECT finding_id FROM finding WHERE scan_id = $scan)
), listed AS (
    SELECT place.finding_id
    FROM (
        SELECT finding_id, account_id, unnest([region, 'global']) AS region, number
        FROM before JOIN type_number USING (resource_type)
    ) AS place
    JOIN coverage_group AS look USING (account_id, region)
    WHERE look.scan_id = $scan AND look.outcome = 'ok' AND list_contains(look.types, place.number)
), judged AS (
    SELECT
        before.*,
        thing.arn AS thing_arn,
        thing.status AS thing_status,
        before.rule_id NOT IN (SELECT rule_id FROM rule_ran) AS rule_off,
        (before.resource_type IS NULL OR before.account_id IS NULL
            OR before.finding_id IN (SELECT finding_id FROM listed))
        AND coalesce(thing.status <> 'unknown' OR before.status = 'unknown', true)
        AND before.finding_id NOT IN (SELECT finding_id FROM unheard) AS known
    FROM before
    LEFT JOIN (
        SELECT arn, min(status) AS status FROM inventory SEMI JOIN before USING (arn) GROUP BY arn
    ) AS thing ON thing.arn = before.arn
)
SELECT
    judged.* EXCLUDE (scan_id, state, closed_at, closed_how, thing_arn, thing_status, rule_off, known),
    $scan AS scan_id,
    CASE WHEN known OR rule_off THEN 'closed' ELSE 'not_seen' END AS state,
    CASE WHEN known OR rule_off THEN scan.started_at END AS closed_at,
    CASE
        WHEN rule_off THEN 'rule_off'
        WHEN NOT known THEN NULL
        WHEN judged.arn IS NULL OR judged.status = 'missing' THEN 'resolved'
        WHEN thing_arn IS NULL THEN 'deleted'
        WHEN thing_status IN ('managed', 'derived') AND judged.status = 'unmanaged' THEN 'adopted'
        ELSE 'resolved'
    END AS closed_how
FROM judged
JOIN scan ON scan.scan_id = $scan;

DROP TABLE unheard;
DROP TABLE rule_ran
