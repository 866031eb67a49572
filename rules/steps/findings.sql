-- From hits to findings. $scan is the scan's id.

-- step hits
CREATE OR REPLACE TEMP TABLE hit (
    rule_id VARCHAR, kind VARCHAR, fix VARCHAR, graded VARCHAR,
    subject VARCHAR, arn VARCHAR, message VARCHAR, severity VARCHAR, status VARCHAR,
    evidence JSON, resource_type VARCHAR, terraform_type VARCHAR, resource_id VARCHAR,
    name VARCHAR, account_id VARCHAR, region VARCHAR, owner VARCHAR, root VARCHAR,
    environment VARCHAR, judged VARCHAR
);

-- step findings
CREATE OR REPLACE TEMP TABLE held_by AS
SELECT root AS arn, count(*) AS dependents FROM inventory WHERE root IS NOT NULL GROUP BY root;

INSERT INTO finding BY NAME
SELECT
    sha256(hit.rule_id || '|' || coalesce(hit.subject, hit.arn))[1:16] AS finding_id,
    $scan AS scan_id,
    hit.rule_id,
    hit.severity,
    CASE WHEN excluded.reason IS NOT NULL THEN 'excepted' ELSE 'open' END AS state,
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
    hit.message,
    hit.fix,
    json_merge_patch(
        coalesce(thing.evidence, '{}'::JSON), coalesce(hit.evidence, '{}'::JSON),
        CASE WHEN hit.judged IS NULL THEN '{}'::JSON ELSE json_object('severity_because', hit.judged) END
    ) AS evidence,
    CASE WHEN excluded.reason IS NOT NULL THEN 'out_of_scope: ' || excluded.reason END AS exception_id,
    coalesce(earlier.first_seen, scan.started_at) AS first_seen,
    scan.started_at AS last_seen
FROM hit
JOIN scan ON scan.scan_id = $scan
LEFT JOIN inventory AS thing ON thing.arn = hit.arn
LEFT JOIN held_by ON held_by.arn = hit.arn
LEFT JOIN (
    SELECT account, region, type, min(reason) AS reason FROM out_of_scope
    WHERE scan_id = $scan AND NOT expired GROUP BY ALL
) AS excluded
    ON coalesce(hit.account_id, thing.account_id) GLOB excluded.account
    AND coalesce(hit.region, thing.region) GLOB excluded.region
    AND coalesce(hit.resource_type, thing.resource_type) GLOB excluded.type
LEFT JOIN (
    SELECT finding_id, min(first_seen) AS first_seen FROM finding WHERE scan_id < $scan GROUP BY 1
) AS earlier
    ON earlier.finding_id = sha256(hit.rule_id || '|' || coalesce(hit.subject, hit.arn))[1:16]
QUALIFY row_number() OVER (PARTITION BY hit.rule_id, coalesce(hit.subject, hit.arn)) = 1;

-- step carry
-- A finding closes only when its own cell was listed `ok` by this scan.
INSERT INTO finding BY NAME
WITH before AS (
    SELECT * FROM finding
    WHERE scan_id < $scan
    QUALIFY row_number() OVER (PARTITION BY finding_id ORDER BY scan_id DESC) = 1
)
SELECT
    before.* EXCLUDE (scan_id, state, closed_at, closed_how),
    $scan AS scan_id,
    CASE WHEN seen.closes THEN 'closed' ELSE 'not_seen' END AS state,
    CASE WHEN seen.closes THEN scan.started_at END AS closed_at,
    CASE
        WHEN NOT seen.closes THEN NULL
        WHEN before.arn IS NULL THEN 'resolved'
        WHEN thing.arn IS NULL THEN 'deleted'
        WHEN thing.status IN ('managed', 'derived') AND before.status = 'unmanaged' THEN 'adopted'
        ELSE 'resolved'
    END AS closed_how
FROM before
JOIN scan ON scan.scan_id = $scan
LEFT JOIN inventory AS thing ON thing.arn = before.arn
LEFT JOIN coverage AS look
    ON look.scan_id = $scan AND look.account_id = before.account_id
    AND look.resource_type = before.resource_type
    AND (look.region = before.region OR look.region = 'global')
CROSS JOIN LATERAL (
    SELECT before.resource_type IS NULL OR coalesce(look.outcome = 'ok', false) AS closes
) AS seen
WHERE before.state IN ('open', 'excepted', 'baselined', 'not_seen')
    AND before.finding_id NOT IN (SELECT finding_id FROM finding WHERE scan_id = $scan);

DROP TABLE hit;

DROP TABLE held_by
