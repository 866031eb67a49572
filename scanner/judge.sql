-- How judge.py places and grades. `hit` holds what the rules returned, `exposed` what is open to
-- the world (rules/steps); ? are bound in order.

-- step environment_of_resource
UPDATE ownership SET environment = $1
FROM current_resource AS thing
WHERE ownership.scan_id = $2 AND ownership.environment IS NULL AND thing.arn = ownership.arn
    AND list_contains($3::VARCHAR[], thing.account_id)
    AND (len($4::VARCHAR[]) = 0 OR len(list_filter($4::VARCHAR[], lambda pattern: thing.region GLOB pattern)) > 0)
    AND len(list_filter($5::VARCHAR[], lambda tag: NOT coalesce(
        thing.tags[split_part(tag, chr(31), 1)] GLOB split_part(tag, chr(31), 2), false))) = 0;

-- step begin
UPDATE hit SET
    severity = CASE WHEN regraded THEN graded ELSE coalesce(hit.severity, graded) END,
    environment = thing.environment,
    resource_type = coalesce(hit.resource_type, thing.resource_type),
    status = coalesce(hit.status, thing.status),
    known = thing.arn IS NOT NULL,
    made = thing.made
FROM (
    SELECT NULL AS arn, NULL AS environment, NULL AS resource_type, NULL AS status, NULL AS made
    UNION ALL
    SELECT arn, environment, resource_type, status, coalesce(created_at, first_seen) FROM inventory
) AS thing
WHERE thing.arn IS NOT DISTINCT FROM hit.arn;

-- A claim may name an ARN that is not there.
UPDATE hit SET severity = CASE WHEN regraded THEN graded ELSE coalesce(severity, graded) END, known = false
WHERE known IS NULL;

-- step environment_of_hit
UPDATE hit SET environment = $1
WHERE environment IS NULL AND NOT known AND account_id IS NOT NULL
    AND list_contains($2::VARCHAR[], account_id)
    AND (len($3::VARCHAR[]) = 0 OR len(list_filter($3::VARCHAR[], lambda pattern: region GLOB pattern)) > 0);

-- step exposure
UPDATE hit SET
    severity = CASE severity WHEN 'high' THEN 'critical' WHEN 'medium' THEN 'high' ELSE 'medium' END,
    open_to_world = true,
    judged = concat_ws('; ', judged, severity || ' by its rule, graver since it is open to the world: ' || open.how)
FROM (SELECT arn, string_agg(DISTINCT how, ', ' ORDER BY how) AS how FROM exposed GROUP BY arn) AS open
WHERE hit.arn = open.arn AND kind = 'ownership' AND status = 'unmanaged'
    AND NOT regraded AND severity IN ('high', 'medium', 'low');

-- step iac_only
UPDATE hit SET
    judged = concat_ws('; ', judged, severity || ' elsewhere: ' || environment || ' takes changes by code only'),
    severity = 'high',
    evidence = json_merge_patch(coalesce(evidence, '{}'::JSON), '{"candidate_for_removal": true}'::JSON)
WHERE environment = $1 AND kind IN ('ownership', 'intruder') AND NOT regraded
    AND severity IN ('medium', 'low', 'info')
    AND (status = 'unmanaged' OR rule_id = 'tag_only');

-- step tolerate
UPDATE hit SET
    judged = concat_ws('; ', judged, severity || ' elsewhere: tolerated in ' || environment),
    severity = 'info'
WHERE environment = $1 AND kind IN ('ownership', 'intruder', 'hygiene') AND severity <> 'info';

-- step grace
UPDATE hit SET
    judged = concat_ws('; ', judged, 'new: within the grace period of ' || $1),
    severity = 'info'
WHERE environment = $2 AND kind = 'ownership' AND status = 'unmanaged' AND known
    AND open_to_world IS NULL AND made > $3::TIMESTAMP;

-- step no_environment
UPDATE hit SET judged = concat_ws('; ', judged, 'its account is in no environment')
WHERE environment IS NULL AND (account_id IS NOT NULL OR known)

-- step unreviewed
-- No one has checked what a generated entry lists: alone it is no reason to fail a build.
UPDATE hit SET
    judged = concat_ws('; ', judged, severity || ' elsewhere: its type is listed by an entry that no one has reviewed'),
    severity = 'info'
WHERE severity <> 'info' AND arn IN (SELECT arn FROM inventory WHERE unreviewed)
