-- The resolver's sets. `-- step NAME` begins a step, resolve.py runs them in order; $scan is the
-- scan's id, $hop the number of the hop. Temporary tables: res (what is), rkey (its keys), hit (what
-- each claim fits), edge (owner, owned), verdict (decided so far), stray, rooted.

-- step keys
CREATE OR REPLACE TEMP TABLE res AS
SELECT arn, resource_type, account_id, region, cell_region, tags, default_rule, default_evidence,
    name, seen_at
FROM current_resource;

CREATE OR REPLACE TEMP TABLE rkey AS SELECT * FROM resource_key;

CREATE OR REPLACE TEMP TABLE ckey AS
SELECT claim_id, resource_type, account_id, region, unnest(keys) AS key,
    unnest(range(len(keys))) AS rank
FROM claim
WHERE scan_id = $scan AND resource_type IS NOT NULL AND ignored IS NULL;

-- step match
-- An ARN says where it is; any other key counts within its account and region.
CREATE OR REPLACE TEMP TABLE hit AS
SELECT c.claim_id, r.arn, min(c.rank) AS rank
FROM ckey AS c
JOIN rkey AS r ON r.key = c.key AND r.resource_type = c.resource_type
WHERE c.key LIKE 'arn:%'
    OR ((c.account_id IS NULL OR c.account_id = r.account_id)
        AND (c.region IS NULL OR c.region = r.region OR r.cell_region = 'global'))
GROUP BY c.claim_id, r.arn;

CREATE OR REPLACE TEMP TABLE best AS
SELECT claim_id, list(arn ORDER BY arn) AS arns
FROM (SELECT claim_id, arn, rank FROM hit QUALIFY rank = min(rank) OVER (PARTITION BY claim_id))
GROUP BY claim_id;

INSERT INTO claim_match BY NAME
WITH scoped AS (
    SELECT claim.*,
        CASE WHEN scope.scope = 'global' THEN 'global' ELSE claim.region END AS cell_region
    FROM claim LEFT JOIN type_scope AS scope USING (resource_type)
    WHERE claim.scan_id = $scan
)
SELECT
    $scan AS scan_id,
    claim.claim_id,
    CASE
        WHEN claim.ignored IS NOT NULL THEN 'out_of_scope'
        WHEN claim.resource_type IS NULL THEN 'unknown_type'
        WHEN len(best.arns) = 1 THEN 'matched'
        WHEN len(best.arns) > 1 THEN 'ambiguous'
        WHEN claim.inline THEN 'out_of_scope'
        WHEN claim.account_id IS NULL OR claim.cell_region IS NULL THEN 'unseen'
        WHEN cell.outcome IS NULL THEN 'out_of_scope'
        WHEN cell.outcome = 'ok' THEN 'missing'
        ELSE 'unseen'
    END AS state,
    CASE WHEN len(best.arns) = 1 THEN best.arns[1] END AS arn,
    CASE WHEN len(best.arns) > 1 THEN best.arns END AS candidates,
    CASE
        WHEN claim.ignored IS NOT NULL THEN claim.ignored
        WHEN claim.resource_type IS NULL THEN 'the catalog does not know ' || claim.claimed_type
        WHEN len(best.arns) > 1 THEN 'fits ' || len(best.arns) || ' resources'
        WHEN best.arns IS NOT NULL THEN NULL
        WHEN claim.inline THEN 'named inside another record; there is no such resource of its own'
        WHEN claim.account_id IS NULL OR claim.cell_region IS NULL
            THEN 'nothing in the source tells its account and region'
        WHEN cell.outcome IS NULL
            THEN claim.account_id || ' ' || claim.cell_region || ' was not scanned for ' || claim.resource_type
        WHEN cell.outcome = 'ok' THEN 'its cell was listed, and it is not there'
        ELSE 'its cell is ' || cell.outcome
    END AS reason
FROM scoped AS claim
LEFT JOIN best USING (claim_id)
LEFT JOIN cell
    ON cell.account_id = claim.account_id
    AND cell.region = claim.cell_region
    AND cell.resource_type = claim.resource_type;

-- step edges
CREATE OR REPLACE TEMP TABLE far AS SELECT * FROM link_target;

CREATE OR REPLACE TEMP TABLE edge AS
SELECT
    CASE owns WHEN 'target' THEN arn ELSE target_arn END AS owner,
    CASE owns WHEN 'target' THEN target_arn ELSE arn END AS owned,
    kind, rule, evidence, trust,
    list_position(['parent_list', 'api_field', 'aws_tag', 'user_tag', 'name'], trust) AS weight
FROM far
WHERE owns IS NOT NULL AND target_arn IS NOT NULL AND target_arn <> arn;

-- step seeds
CREATE OR REPLACE TEMP TABLE said AS
SELECT claim_match.arn, claim.*,
    list_position(['terraform', 'cloudformation', 'tag'], source_kind) AS strength
FROM claim
JOIN (SELECT claim_id, arn FROM claim_match WHERE scan_id = $scan AND state = 'matched') AS claim_match
    USING (claim_id)
WHERE claim.scan_id = $scan;

CREATE OR REPLACE TEMP TABLE verdict (
    arn VARCHAR, status VARCHAR, hop INTEGER, via VARCHAR, seed VARCHAR, path VARCHAR[],
    source_kind VARCHAR, rule VARCHAR, because VARCHAR, weight INTEGER
);

INSERT INTO verdict
SELECT arn, 'managed', 0, NULL, arn, [arn], source_kind, NULL, NULL, 0
FROM said WHERE source_kind <> 'tag'
QUALIFY row_number() OVER (PARTITION BY arn ORDER BY strength, inline, claim_id) = 1;

-- A stack is code itself: nobody else has to claim it.
INSERT INTO verdict
SELECT arn, 'managed', 0, NULL, arn, [arn], 'cloudformation', NULL, 'a stack is itself the code', 0
FROM res
WHERE resource_type = 'AWS::CloudFormation::Stack' AND arn NOT IN (SELECT arn FROM verdict);

INSERT INTO verdict
SELECT arn, 'default', 0, NULL, arn, [arn], 'default', default_rule, default_evidence, 0
FROM res
WHERE default_rule IS NOT NULL AND arn NOT IN (SELECT arn FROM verdict);

-- step hop
-- A name alone links, but owns nothing; containment passes on strays only.
INSERT INTO verdict
SELECT
    edge.owned,
    CASE owner.status WHEN 'managed' THEN 'derived' ELSE owner.status END,
    $hop, edge.owner, owner.seed, list_append(owner.path, edge.owned), owner.source_kind,
    edge.rule, edge.evidence, edge.weight
FROM edge
JOIN verdict AS owner ON owner.arn = edge.owner
LEFT JOIN rule_limit ON rule_limit.rule = edge.rule
WHERE edge.kind <> 'contains'
    AND edge.trust <> 'name'
    AND owner.hop < $hop
    AND (rule_limit.unless_source IS NULL OR owner.status <> 'managed'
        OR rule_limit.unless_source <> owner.source_kind)
    AND edge.owned NOT IN (SELECT arn FROM verdict)
QUALIFY row_number() OVER (
    PARTITION BY edge.owned
    ORDER BY owner.status = 'unknown', owner.status = 'default', owner.hop, edge.weight, edge.owner, edge.rule
) = 1;

-- step tag_seeds
INSERT INTO verdict
SELECT arn, 'managed', 0, NULL, arn, [arn], 'tag', NULL, NULL, 0
FROM said
WHERE source_kind = 'tag' AND arn NOT IN (SELECT arn FROM verdict)
QUALIFY row_number() OVER (PARTITION BY arn ORDER BY claim_id) = 1;

-- step unknown
-- A claim that fits two resources claims neither.
CREATE OR REPLACE TEMP TABLE torn AS
SELECT candidate AS arn, list(DISTINCT claim_id) AS claim_ids
FROM (
    SELECT unnest(candidates) AS candidate, claim_id
    FROM claim_match WHERE scan_id = $scan AND state = 'ambiguous'
)
GROUP BY candidate;

INSERT INTO verdict
SELECT arn, 'unknown', 0, NULL, arn, [arn], NULL, NULL,
    'a claim fits this and another resource: ' || array_to_string(claim_ids, ', '), 0
FROM torn
WHERE arn NOT IN (SELECT arn FROM verdict) AND arn IN (SELECT arn FROM res);

-- Its owner is named by AWS, and the owner's cell was not seen whole.
INSERT INTO verdict
SELECT far.arn, 'unknown', 0, NULL, far.arn, [far.arn], NULL, far.rule,
    'AWS names ' || far.target_type || ' ' || far.target_key
        || ' as its owner, and that cell is ' || cell.outcome, 0
FROM far
JOIN type_scope AS scope ON scope.resource_type = far.target_type
JOIN cell
    ON cell.account_id = far.account_id
    AND cell.region = CASE WHEN scope.scope = 'global' THEN 'global' ELSE far.region END
    AND cell.resource_type = far.target_type
    AND NOT cell.complete
WHERE far.owns = 'self' AND far.kind <> 'contains' AND far.trust <> 'name' AND far.target_arn IS NULL
    AND far.arn NOT IN (SELECT arn FROM verdict)
QUALIFY row_number() OVER (PARTITION BY far.arn ORDER BY far.target_key) = 1;

-- It wears a stack's tag, and the stacks of its account and region could not be read.
INSERT INTO verdict
SELECT res.arn, 'unknown', 0, NULL, res.arn, [res.arn], NULL, NULL,
    'tagged by stack ' || res.tags['aws:cloudformation:stack-name']
        || ', and the stacks of its account and region were not all read', 0
FROM res
WHERE res.tags['aws:cloudformation:stack-id'] IS NOT NULL
    AND res.arn NOT IN (SELECT arn FROM verdict)
    AND EXISTS (
        SELECT 1 FROM source
        WHERE source.scan_id = $scan AND source.kind = 'cloudformation' AND source.outcome <> 'read'
            AND source.account_id = split_part(res.tags['aws:cloudformation:stack-id'], ':', 5)
            AND source.region = split_part(res.tags['aws:cloudformation:stack-id'], ':', 4)
            AND (source.source_id = res.tags['aws:cloudformation:stack-id']
                OR source.source_id NOT LIKE 'arn:%')
    );

-- step unmanaged
CREATE OR REPLACE TEMP TABLE stray AS
SELECT res.arn FROM res WHERE res.arn NOT IN (SELECT arn FROM verdict);

-- step roots
CREATE OR REPLACE TEMP TABLE held AS
SELECT edge.owned AS arn, edge.owner, edge.weight, edge.kind, edge.rule, edge.evidence
FROM edge
WHERE edge.owned IN (SELECT arn FROM stray) AND edge.owner IN (SELECT arn FROM stray)
    AND edge.trust <> 'name';

CREATE OR REPLACE TEMP TABLE rooted AS
SELECT arn, arn AS root, NULL::VARCHAR AS holder, [arn] AS path
FROM stray WHERE arn NOT IN (SELECT arn FROM held);

-- step root_hop
INSERT INTO rooted
SELECT held.arn, rooted.root, held.owner, list_append(rooted.path, held.arn)
FROM held
JOIN rooted ON rooted.arn = held.owner
WHERE held.arn NOT IN (SELECT arn FROM rooted)
QUALIFY row_number() OVER (PARTITION BY held.arn ORDER BY len(rooted.path), held.weight, held.owner) = 1;

-- step root_cycle
INSERT INTO rooted
SELECT min(arn), min(arn), NULL, [min(arn)] FROM stray WHERE arn NOT IN (SELECT arn FROM rooted)
HAVING count(*) > 0;

-- step write
-- Owners that are named and not there, weak owners by name, and tags that speak of code: evidence
-- for and against, kept with the verdict.
CREATE OR REPLACE TEMP TABLE gone AS
SELECT arn, list(DISTINCT target_type || ' ' || target_key) AS parents
FROM far
WHERE owns = 'self' AND target_arn IS NULL AND kind <> 'contains'
GROUP BY arn;

CREATE OR REPLACE TEMP TABLE namesake AS
SELECT owned AS arn, list(DISTINCT owner) AS owners
FROM edge WHERE trust = 'name' GROUP BY owned;

CREATE OR REPLACE TEMP TABLE claimed AS
SELECT arn,
    list({'source_kind': source_kind, 'source': source_id, 'owner': owner, 'address': address,
        'inline': inline, 'evidence': evidence} ORDER BY strength, inline, claim_id) AS claims
FROM said GROUP BY arn;

INSERT INTO ownership BY NAME
SELECT
    $scan AS scan_id,
    res.arn,
    coalesce(verdict.status, 'unmanaged') AS status,
    CASE WHEN verdict.status IN ('managed', 'derived') THEN coalesce(seed.owner, stack.name) END AS owner,
    CASE WHEN verdict.status IN ('managed', 'derived') THEN coalesce(seed.address, verdict.because) END AS owner_address,
    CASE WHEN verdict.status IN ('managed', 'derived') THEN verdict.source_kind END AS owner_source,
    CASE WHEN verdict.hop > 0 THEN verdict.path END AS owned_via,
    CASE WHEN rooted.root <> res.arn THEN rooted.root END AS root,
    NULL AS environment,
    least(res.seen_at, earlier.first_seen) AS first_seen,
    json_merge_patch('{}', to_json({
        'because': CASE
            WHEN verdict.status = 'managed' AND seed.owner IS NOT NULL THEN 'claimed by ' || seed.owner || ' as ' || seed.address
            WHEN verdict.status IS NOT NULL THEN verdict.because
            WHEN rooted.holder IS NOT NULL THEN 'hangs on the stray ' || rooted.holder
            WHEN gone.parents IS NOT NULL THEN 'no claim names it, and its owner is gone: ' || array_to_string(gone.parents, ', ')
            ELSE 'no state, stack or agreed tag claims it, AWS did not make it, and nothing managed owns it'
        END,
        'rule': verdict.rule,
        'claims': claimed.claims,
        'owner_arn': verdict.via,
        'holder': rooted.holder,
        'chain': CASE WHEN verdict.hop > 0 THEN verdict.path WHEN len(rooted.path) > 1 THEN rooted.path END,
        'owner_gone': gone.parents,
        'named_like_child_of': namesake.owners,
        'stack_tag': res.tags['aws:cloudformation:stack-id']
    })) AS evidence
FROM res
LEFT JOIN verdict USING (arn)
LEFT JOIN (
    SELECT DISTINCT ON (arn, source_kind) * FROM said ORDER BY arn, source_kind, inline, claim_id
) AS seed ON seed.arn = verdict.seed AND seed.source_kind = verdict.source_kind
LEFT JOIN res AS stack ON stack.arn = verdict.seed AND stack.resource_type = 'AWS::CloudFormation::Stack'
LEFT JOIN rooted ON rooted.arn = res.arn
LEFT JOIN gone ON gone.arn = res.arn
LEFT JOIN namesake ON namesake.arn = res.arn
LEFT JOIN claimed ON claimed.arn = res.arn
LEFT JOIN (
    SELECT arn, min(first_seen) AS first_seen FROM ownership
    WHERE scan_id <> $scan GROUP BY arn
) AS earlier ON earlier.arn = res.arn;

-- step clean
DROP TABLE res;
DROP TABLE rkey;
DROP TABLE ckey;
DROP TABLE hit;
DROP TABLE best;
DROP TABLE far;
DROP TABLE edge;
DROP TABLE said;
DROP TABLE verdict;
DROP TABLE torn;
DROP TABLE stray;
DROP TABLE held;
DROP TABLE rooted;
DROP TABLE gone;
DROP TABLE namesake;
DROP TABLE claimed;
DROP TABLE type_scope;
DROP TABLE rule_limit
