-- The resolver's sets. `-- step NAME` begins a step, resolve.py runs them in order; $scan is the scan's
-- id, $status the status that is passed on. Things and claims go by their row numbers, r and c: what
-- is joined more than once is joined by integers.
--
-- thing: what is. hit: which claim fits which thing. far, edge: who owns whom. verdict: what is
-- decided, and handed: how it was passed on. rooted: what strays hang on.

-- step things
CREATE OR REPLACE TEMP TABLE thing AS
SELECT number, arn, resource_type, scan_id, seen_at FROM looks_that_count('resource_look');

-- Of what was seen more than once the newest look counts. Hashes tell quickly what that can be.
CREATE OR REPLACE TEMP TABLE again AS
SELECT rowid AS r, arn, resource_type, scan_id
FROM thing
SEMI JOIN (SELECT hash(arn) AS mark FROM thing GROUP BY mark HAVING count(*) > 1) AS twice
    ON twice.mark = hash(thing.arn);
DELETE FROM thing WHERE rowid IN (
    SELECT r FROM again
    QUALIFY row_number() OVER (PARTITION BY arn, resource_type ORDER BY scan_id DESC) > 1
);

-- The rows of things whose ARN is another's too count for that one.
CREATE OR REPLACE TEMP TABLE listed AS SELECT number, rowid AS r FROM thing;

-- What is listed as two types is one thing; a claim of either type finds it by its key.
CREATE OR REPLACE TEMP TABLE twin AS
SELECT rowid AS r, first_value(rowid) OVER (PARTITION BY arn ORDER BY resource_type) AS first
FROM thing SEMI JOIN again ON again.r = thing.rowid;
UPDATE listed SET r = twin.first FROM twin WHERE twin.r = listed.r AND twin.r <> twin.first;
DELETE FROM thing WHERE rowid IN (SELECT r FROM twin WHERE r <> first);

-- What few things have, apart from what all have.
CREATE OR REPLACE TEMP TABLE rare AS
SELECT listed.r, one.* EXCLUDE (number)
FROM (
    SELECT rowid AS number, arn, resource_type, name, default_rule, default_evidence,
        tags['aws:cloudformation:stack-id'] AS stack_tag,
        list_filter(keys, lambda key: key LIKE 'arn:%' AND key <> arn) AS aliases
    FROM resource
) AS one
JOIN listed USING (number)
WHERE one.default_rule IS NOT NULL OR one.stack_tag IS NOT NULL OR len(one.aliases) > 0
    OR one.resource_type = 'AWS::CloudFormation::Stack';

-- step links
CREATE OR REPLACE TEMP TABLE told AS
SELECT link.*
FROM link
SEMI JOIN (
    SELECT arn, scan_id FROM resource
    SEMI JOIN (SELECT arn, scan_id FROM link WHERE owns IS NOT NULL) AS telling USING (arn, scan_id)
    SEMI JOIN listed ON listed.number = resource.rowid
) AS live USING (arn, scan_id)
WHERE link.owns IS NOT NULL;

-- step match
-- By canonical ARN, where no other resource bears that ARN as a further key.
CREATE OR REPLACE TEMP TABLE alias AS SELECT DISTINCT unnest(aliases) AS key, resource_type FROM rare;

CREATE OR REPLACE TEMP TABLE hit AS
SELECT claim.rowid AS c, thing.rowid AS r, strength_of(claim.source_kind) AS strength
FROM claim
JOIN thing ON thing.arn = claim.keys[1] AND thing.resource_type = claim.resource_type
ANTI JOIN alias ON alias.key = claim.keys[1] AND alias.resource_type = claim.resource_type
WHERE claim.scan_id = $scan AND claim.ignored IS NULL;

-- What its first key did not settle is asked by all its keys, in their order. An ARN says where it is;
-- any other key counts within its account and region.
CREATE OR REPLACE TEMP TABLE open_claim AS
SELECT claim.rowid AS c FROM claim ANTI JOIN hit ON hit.c = claim.rowid WHERE scan_id = $scan;

CREATE OR REPLACE TEMP TABLE asked AS
SELECT claim.rowid AS c, resource_type, account_id, region, unnest(keys) AS key, unnest(range(len(keys))) AS rank
FROM claim
SEMI JOIN open_claim ON open_claim.c = claim.rowid
WHERE resource_type IS NOT NULL AND ignored IS NULL;

-- The keys of things that any claim or link asks for.
CREATE OR REPLACE TEMP TABLE near AS
SELECT DISTINCT key, arn, resource_type, account_id, region, cell_region
FROM (
    SELECT unnest(keys) AS key, arn, resource_type, account_id, region, cell_region
    FROM resource
    SEMI JOIN listed ON listed.number = resource.rowid
)
SEMI JOIN (
    SELECT key, resource_type FROM asked
    UNION
    SELECT target_key, target_type FROM told
) AS wanted USING (key, resource_type);

-- The earliest key that fits decides; where it fits several, those of them that most keys fit.
CREATE OR REPLACE TEMP TABLE fit AS
SELECT c, list(arn ORDER BY arn) AS arns
FROM (
    SELECT c, arn
    FROM (
        SELECT asked.c, near.arn, min(asked.rank) AS first, count(DISTINCT asked.rank) AS fits
        FROM asked
        JOIN near USING (key, resource_type)
        WHERE key LIKE 'arn:%'
            OR ((asked.account_id IS NULL OR asked.account_id = near.account_id)
                AND (asked.region IS NULL OR asked.region = near.region OR near.cell_region = 'global'))
        GROUP BY asked.c, near.arn
    )
    QUALIFY rank() OVER (PARTITION BY c ORDER BY first, fits DESC) = 1
)
GROUP BY c;

INSERT INTO hit
SELECT fit.c, thing.rowid, strength_of(claim.source_kind)
FROM fit
JOIN claim ON claim.rowid = fit.c
JOIN thing ON thing.arn = fit.arns[1]
WHERE len(fit.arns) = 1;

-- What its first key settled bears that key.
INSERT INTO claim_match BY NAME
SELECT $scan AS scan_id, claim.claim_id, 'matched' AS state, coalesce(fit.arns[1], claim.keys[1]) AS arn
FROM claim
SEMI JOIN hit ON hit.c = claim.rowid
LEFT JOIN fit ON fit.c = claim.rowid;

CREATE OR REPLACE TEMP TABLE unmatched AS
SELECT claim.claim_id, claim.ignored, claim.resource_type, claim.claimed_type, claim.inline,
    claim.account_id, claim.region, fit.arns AS candidates,
    CASE WHEN scope.scope = 'global' THEN 'global' ELSE claim.region END AS cell_region
FROM claim
JOIN open_claim ON open_claim.c = claim.rowid
LEFT JOIN fit ON fit.c = claim.rowid
LEFT JOIN type_scope AS scope USING (resource_type)
WHERE fit.arns IS NULL OR len(fit.arns) > 1;

-- step edges
CREATE OR REPLACE TEMP TABLE far AS FROM link_ends('told', 'near');

CREATE OR REPLACE TEMP TABLE edge AS
WITH ends AS (
    SELECT
        CASE owns WHEN 'target' THEN arn ELSE target_arn END AS owner_arn,
        CASE owns WHEN 'target' THEN target_arn ELSE arn END AS owned_arn,
        kind, rule, evidence, trust
    FROM far
    WHERE target_arn <> arn
)
SELECT
    owner.rowid AS owner, owned.rowid AS owned, ends.*,
    list_position(['parent_list', 'api_field', 'aws_tag', 'user_tag', 'name'], trust) AS weight
FROM ends
JOIN thing AS owner ON owner.arn = ends.owner_arn
JOIN thing AS owned ON owned.arn = ends.owned_arn;

-- A name alone links, but owns nothing; containment passes on strays only.
CREATE OR REPLACE TEMP TABLE passing AS FROM edge WHERE kind <> 'contains' AND trust <> 'name';

-- step cells
-- Owners that AWS names and that are not there, with the cells they would be in.
CREATE OR REPLACE TEMP TABLE absent AS
SELECT far.arn, far.rule, far.target_type, far.target_key, far.trust,
    CASE WHEN far.target_key LIKE 'arn:%:%:%:_%:%'
        THEN split_part(far.target_key, ':', 5) ELSE far.account_id END AS account_id,
    CASE WHEN scope.scope = 'global' THEN 'global'
        WHEN far.target_key LIKE 'arn:%' AND split_part(far.target_key, ':', 4) <> ''
        THEN split_part(far.target_key, ':', 4) ELSE far.region END AS region
FROM far
LEFT JOIN type_scope AS scope ON scope.resource_type = far.target_type
WHERE far.owns = 'self' AND far.kind <> 'contains' AND far.trust <> 'name' AND far.target_arn IS NULL;

-- Links to what may own by a list of its own.
CREATE OR REPLACE TEMP TABLE pointing AS
SELECT link.arn, link.scan_id, link.account_id, link.region, link.kind, link.target_type, link.target_key,
    owner_pair.owned
FROM link JOIN owner_pair ON owner_pair.owner = link.target_type
WHERE link.owns IS NULL;

-- The cells that are asked for, in one go: there are far more cells than resources.
CREATE OR REPLACE TEMP TABLE wanted_cell AS
SELECT account_id, cell_region AS region, resource_type FROM unmatched
UNION SELECT account_id, region, target_type FROM absent
UNION SELECT account_id, region, target_type FROM pointing;

CREATE OR REPLACE TEMP TABLE wanted_group AS
WITH place AS (
    SELECT account_id, region, list(number) AS numbers
    FROM wanted_cell JOIN type_number USING (resource_type)
    GROUP BY account_id, region
)
SELECT told.* REPLACE (list_intersect(told.types, place.numbers) AS types)
FROM coverage_group AS told
JOIN place USING (account_id, region)
WHERE list_has_any(told.types, place.numbers);

CREATE OR REPLACE TEMP TABLE asked_cell AS FROM cells_in('wanted_group');

INSERT INTO claim_match BY NAME
SELECT
    $scan AS scan_id,
    claim.claim_id,
    CASE
        WHEN claim.ignored IS NOT NULL THEN 'out_of_scope'
        WHEN claim.resource_type IS NULL THEN 'unknown_type'
        WHEN claim.candidates IS NOT NULL THEN 'ambiguous'
        WHEN claim.inline THEN 'out_of_scope'
        WHEN claim.account_id IS NULL OR claim.cell_region IS NULL THEN 'unseen'
        WHEN cell.outcome IS NULL THEN 'out_of_scope'
        WHEN cell.outcome = 'ok' THEN 'missing'
        ELSE 'unseen'
    END AS state,
    claim.candidates,
    CASE
        WHEN claim.ignored IS NOT NULL THEN claim.ignored
        WHEN claim.resource_type IS NULL THEN 'the catalog does not know ' || claim.claimed_type
        WHEN claim.candidates IS NOT NULL THEN 'fits ' || len(claim.candidates) || ' resources'
        WHEN claim.inline THEN 'named inside another record; there is no such resource of its own'
        WHEN claim.account_id IS NULL OR claim.cell_region IS NULL
            THEN 'nothing in the source tells its account and region'
        WHEN cell.outcome IS NULL
            THEN claim.account_id || ' ' || claim.cell_region || ' was not scanned for ' || claim.resource_type
        WHEN cell.outcome = 'ok' THEN 'its cell was listed, and it is not there'
        ELSE 'its cell is ' || cell.outcome
    END AS reason
FROM unmatched AS claim
LEFT JOIN asked_cell AS cell
    ON cell.account_id = claim.account_id
    AND cell.region = claim.cell_region
    AND cell.resource_type = claim.resource_type;

-- step seeds
CREATE OR REPLACE TEMP TABLE shared AS SELECT r FROM hit GROUP BY r HAVING count(*) > 1;

-- The strongest claim on each thing.
CREATE OR REPLACE TEMP TABLE strongest AS
SELECT hit.r, hit.c, hit.strength
FROM hit SEMI JOIN shared USING (r) JOIN claim ON claim.rowid = hit.c
QUALIFY row_number() OVER (PARTITION BY hit.r ORDER BY hit.strength, claim.inline, claim.claim_id) = 1;

CREATE OR REPLACE TEMP VIEW claimed AS
SELECT r, c, strength FROM hit ANTI JOIN shared USING (r)
UNION ALL
FROM strongest;

-- `c` is the claim and `seed` the thing that the verdict goes back to.
CREATE OR REPLACE TEMP TABLE verdict (
    r BIGINT, status VARCHAR, hop INTEGER, c BIGINT, seed BIGINT, strength TINYINT
);
CREATE OR REPLACE TEMP TABLE handed (
    r BIGINT, via VARCHAR, path VARCHAR[], rule VARCHAR, because VARCHAR
);

INSERT INTO verdict SELECT r, 'managed', 0, c, r, strength FROM claimed WHERE strength <> 3;

-- A stack is code itself: nobody else has to claim it.
CREATE OR REPLACE TEMP TABLE found AS
SELECT DISTINCT r FROM rare ANTI JOIN verdict USING (r) WHERE resource_type = 'AWS::CloudFormation::Stack';
INSERT INTO verdict SELECT r, 'managed', 0, NULL, r, 2 FROM found;
INSERT INTO handed SELECT r, NULL, NULL, NULL, 'a stack is itself the code' FROM found;

CREATE OR REPLACE TEMP TABLE found AS
SELECT r, min(default_rule) AS rule, min(default_evidence) AS because
FROM rare
ANTI JOIN verdict USING (r)
WHERE default_rule IS NOT NULL
GROUP BY r;
INSERT INTO verdict SELECT r, 'default', 0, NULL, r, NULL FROM found;
INSERT INTO handed SELECT r, NULL, NULL, rule, because FROM found;

-- step fresh
DELETE FROM passing WHERE owned IN (SELECT r FROM verdict SEMI JOIN passing ON passing.owned = verdict.r);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT verdict.*, NULL::VARCHAR[] AS path, 0 AS weakest
FROM verdict
SEMI JOIN passing ON passing.owner = verdict.r
WHERE verdict.status = $status AND verdict.hop = 0;

-- step hop
CREATE OR REPLACE TEMP TABLE offered AS
SELECT
    edge.owned AS r,
    CASE fresh.status WHEN 'managed' THEN 'derived' ELSE fresh.status END AS status,
    fresh.hop + 1 AS hop, fresh.c, fresh.seed, fresh.strength,
    list_append(coalesce(fresh.path, [edge.owner_arn]), edge.owned_arn) AS path,
    greatest(fresh.weakest, edge.weight) AS weakest,
    edge.owner_arn AS via, edge.rule, edge.evidence AS because
FROM fresh
JOIN passing AS edge ON edge.owner = fresh.r
LEFT JOIN rule_limit ON rule_limit.rule = edge.rule
WHERE rule_limit.strength IS NULL OR fresh.status <> 'managed' OR rule_limit.strength <> fresh.strength
QUALIFY row_number() OVER (
    PARTITION BY edge.owned
    ORDER BY greatest(fresh.weakest, edge.weight), fresh.strength, edge.owner_arn, edge.rule
) = 1;
INSERT INTO verdict SELECT r, status, hop, c, seed, strength FROM offered;
INSERT INTO handed SELECT r, via, path, rule, because FROM offered;
DELETE FROM passing WHERE owned IN (SELECT r FROM offered);
CREATE OR REPLACE TEMP TABLE fresh AS FROM offered;

-- step tags
INSERT INTO verdict
SELECT r, 'managed', 0, c, r, strength
FROM claimed
ANTI JOIN verdict USING (r)
WHERE claimed.strength = 3;

-- step unknown
-- A claim that fits two resources claims neither.
CREATE OR REPLACE TEMP TABLE doubt AS
SELECT torn.arn, NULL::VARCHAR AS rule,
    'a claim fits this and another resource: ' || string_agg(DISTINCT torn.said, ', ' ORDER BY torn.said) AS because
FROM (
    SELECT unnest(fit.arns) AS arn, claim.address || ' in ' || claim.owner AS said
    FROM fit JOIN claim ON claim.rowid = fit.c
    WHERE len(fit.arns) > 1
) AS torn
GROUP BY torn.arn;

-- Its owner is named by AWS, and the owner's cell was not seen whole. Anyone can write a user's tag:
-- it casts doubt only on a cell that was tried.
INSERT INTO doubt
SELECT absent.arn, absent.rule,
    'AWS names ' || target_type || ' ' || target_key || ' as its owner, and '
        || coalesce('that cell is ' || cell.outcome, 'that cell was not scanned')
FROM absent
LEFT JOIN asked_cell AS cell
    ON cell.account_id = absent.account_id
    AND cell.region = absent.region
    AND cell.resource_type = absent.target_type
WHERE NOT cell.complete OR (cell.outcome IS NULL AND absent.trust <> 'user_tag');

-- It names what could own it by that one's own list, and that list could not be read.
CREATE OR REPLACE TEMP TABLE hidden AS
SELECT link.arn, link.scan_id, link.owned AS resource_type,
    'it is ' || replace(link.kind, '_', ' ') || ' ' || link.target_type || ' ' || link.target_key
        || ', which may own it, and ' || coalesce('that cell is ' || cell.outcome, 'that cell was not scanned')
        AS because
FROM pointing AS link
LEFT JOIN asked_cell AS cell
    ON cell.account_id = link.account_id
    AND cell.region = link.region
    AND cell.resource_type = link.target_type
WHERE cell.complete IS NOT TRUE;

INSERT INTO doubt
SELECT DISTINCT hidden.arn, NULL, hidden.because
FROM hidden
JOIN resource USING (arn, scan_id, resource_type)
SEMI JOIN listed ON listed.number = resource.rowid;

-- It wears a stack's tag, and the stacks of its account and region could not be read.
CREATE OR REPLACE TEMP TABLE worn AS
SELECT DISTINCT r, arn, stack_tag FROM rare ANTI JOIN verdict USING (r) WHERE stack_tag IS NOT NULL;

INSERT INTO doubt
SELECT worn.arn, NULL,
    'tagged by stack ' || split_part(worn.stack_tag, '/', 2)
        || ', and the stacks of its account and region were not all read'
FROM worn
WHERE EXISTS (
    SELECT 1 FROM source
    WHERE source.scan_id = $scan AND source.kind = 'cloudformation' AND source.outcome <> 'read'
        AND source.account_id = split_part(worn.stack_tag, ':', 5)
        AND source.region = split_part(worn.stack_tag, ':', 4)
        AND (source.source_id = worn.stack_tag OR source.source_id NOT LIKE 'arn:%')
);

CREATE OR REPLACE TEMP TABLE found AS
SELECT thing.rowid AS r, min(doubt.rule) AS rule, string_agg(DISTINCT doubt.because, '; ' ORDER BY doubt.because) AS because
FROM doubt
JOIN thing USING (arn)
ANTI JOIN verdict ON verdict.r = thing.rowid
GROUP BY thing.rowid;
INSERT INTO verdict SELECT r, 'unknown', 0, NULL, r, NULL FROM found;
INSERT INTO handed SELECT r, NULL, NULL, rule, because FROM found;

-- step roots
CREATE OR REPLACE TEMP TABLE stray AS
SELECT thing.rowid AS r, thing.arn FROM thing ANTI JOIN verdict ON verdict.r = thing.rowid;

CREATE OR REPLACE TEMP TABLE held AS
SELECT edge.owned AS r, edge.owned_arn AS arn, edge.owner, edge.owner_arn, edge.weight
FROM edge
WHERE edge.trust <> 'name' AND edge.owned IN (SELECT r FROM stray) AND edge.owner IN (SELECT r FROM stray);

CREATE OR REPLACE TEMP TABLE rooted AS
SELECT r, arn AS root, NULL::VARCHAR AS holder, [arn] AS path, 0 AS weakest
FROM stray ANTI JOIN held USING (r);

-- step root_hop
INSERT INTO rooted
SELECT held.r, rooted.root, held.owner_arn, list_append(rooted.path, held.arn), greatest(rooted.weakest, held.weight)
FROM held
JOIN rooted ON rooted.r = held.owner
WHERE held.r NOT IN (SELECT r FROM rooted)
QUALIFY row_number() OVER (
    PARTITION BY held.r
    ORDER BY len(rooted.path), greatest(rooted.weakest, held.weight), held.owner_arn
) = 1;

-- step write
-- Owners that are named and not there, weak owners by name, and tags that speak of code: evidence
-- for and against, kept with the verdict.
CREATE OR REPLACE TEMP TABLE gone AS
SELECT arn, list(DISTINCT target_type || ' ' || target_key ORDER BY target_type || ' ' || target_key) AS parents
FROM far
WHERE owns = 'self' AND target_arn IS NULL AND kind <> 'contains'
GROUP BY arn;

CREATE OR REPLACE TEMP TABLE namesake AS
SELECT owned AS r, list(DISTINCT owner_arn ORDER BY owner_arn) AS owners FROM edge WHERE trust = 'name' GROUP BY owned;

CREATE OR REPLACE TEMP TABLE contested AS
SELECT hit.r,
    list({'source_kind': claim.source_kind, 'source': claim.source_id, 'owner': claim.owner,
        'address': claim.address, 'inline': claim.inline} ORDER BY claim.claim_id) AS claims
FROM hit SEMI JOIN shared USING (r) JOIN claim ON claim.rowid = hit.c
GROUP BY hit.r;

-- Each resolution hands on when a thing was seen first: the newest one that knows it says it all.
CREATE OR REPLACE TEMP TABLE earlier AS
SELECT thing.rowid AS r, ownership.first_seen
FROM ownership JOIN thing USING (arn)
WHERE ownership.scan_id = (SELECT max(scan_id) FROM ownership WHERE scan_id <> $scan);
INSERT INTO earlier
SELECT new.r, min(ownership.first_seen)
FROM ownership
JOIN (SELECT rowid AS r, arn FROM thing ANTI JOIN earlier ON earlier.r = thing.rowid) AS new USING (arn)
WHERE ownership.scan_id <> $scan
GROUP BY new.r;

CREATE OR REPLACE TEMP TABLE stack_name AS
SELECT r, min(name) AS name FROM rare WHERE resource_type = 'AWS::CloudFormation::Stack' GROUP BY r;

-- What one claim names directly is most of an inventory; `inventory` says so from the owner's columns.
CREATE OR REPLACE TEMP TABLE plain AS
SELECT verdict.r, verdict.c, least(thing.seen_at, earlier.first_seen) AS first_seen
FROM verdict
ANTI JOIN shared ON shared.r = verdict.r
JOIN thing ON thing.rowid = verdict.r
LEFT JOIN earlier ON earlier.r = verdict.r
WHERE verdict.hop = 0 AND verdict.c IS NOT NULL;

INSERT INTO ownership BY NAME
SELECT
    $scan AS scan_id,
    coalesce(fit.arns[1], claim.keys[1]) AS arn,
    'managed' AS status,
    claim.owner,
    claim.address AS owner_address,
    claim.source_kind AS owner_source,
    plain.first_seen
FROM claim
JOIN plain ON plain.c = claim.rowid
LEFT JOIN fit ON fit.c = claim.rowid;

-- The others have more to tell. What is known of them is joined small: not against all claims.
CREATE OR REPLACE TEMP TABLE other AS
SELECT thing.rowid AS r, thing.arn, thing.seen_at, verdict.status, verdict.hop, verdict.c, verdict.seed
FROM thing
ANTI JOIN plain ON plain.r = thing.rowid
LEFT JOIN verdict ON verdict.r = thing.rowid;

CREATE OR REPLACE TEMP TABLE bearer AS
SELECT claim.rowid AS c, claim.owner, claim.address, claim.source_kind
FROM claim SEMI JOIN other ON other.c = claim.rowid;

INSERT INTO ownership BY NAME
SELECT
    $scan AS scan_id,
    other.arn,
    coalesce(other.status, 'unmanaged') AS status,
    CASE WHEN other.status IN ('managed', 'derived') THEN coalesce(bearer.owner, stack_name.name) END AS owner,
    bearer.address AS owner_address,
    CASE WHEN other.status IN ('managed', 'derived') THEN coalesce(bearer.source_kind, 'cloudformation') END AS owner_source,
    handed.path AS owned_via,
    CASE WHEN rooted.root <> other.arn THEN rooted.root END AS root,
    least(other.seen_at, earlier.first_seen) AS first_seen,
    json_merge_patch('{}', to_json({
        'because': CASE
            WHEN other.hop = 0 AND bearer.owner IS NOT NULL THEN 'claimed by ' || bearer.owner || ' as ' || bearer.address
            WHEN other.status IS NOT NULL THEN handed.because
            WHEN rooted.holder IS NOT NULL THEN 'hangs on the stray ' || rooted.holder
            WHEN gone.parents IS NOT NULL THEN 'no claim names it, and its owner is gone: ' || array_to_string(gone.parents, ', ')
            ELSE 'no state, stack or agreed tag claims it, AWS did not make it, and nothing managed owns it'
        END,
        'rule': handed.rule,
        'claims': contested.claims,
        'owner_arn': handed.via,
        'holder': rooted.holder,
        'chain': CASE WHEN len(rooted.path) > 1 THEN rooted.path ELSE handed.path END,
        'owner_gone': gone.parents,
        'named_like_child_of': namesake.owners,
        'stack_tag': worn.stack_tag
    })) AS evidence
FROM other
LEFT JOIN handed ON handed.r = other.r
LEFT JOIN bearer ON bearer.c = other.c
LEFT JOIN stack_name ON stack_name.r = other.seed
LEFT JOIN rooted ON rooted.r = other.r
LEFT JOIN gone ON gone.arn = other.arn
LEFT JOIN namesake ON namesake.r = other.r
LEFT JOIN contested ON contested.r = other.r
LEFT JOIN worn ON worn.r = other.r
LEFT JOIN earlier ON earlier.r = other.r;

-- step clean
DROP TABLE thing;
DROP TABLE listed;
DROP TABLE again;
DROP TABLE twin;
DROP TABLE rare;
DROP TABLE alias;
DROP TABLE hit;
DROP TABLE open_claim;
DROP TABLE asked;
DROP TABLE unmatched;
DROP TABLE absent;
DROP TABLE pointing;
DROP TABLE wanted_cell;
DROP TABLE wanted_group;
DROP TABLE asked_cell;
DROP TABLE near;
DROP TABLE fit;
DROP TABLE told;
DROP TABLE far;
DROP TABLE edge;
DROP TABLE passing;
DROP TABLE shared;
DROP VIEW claimed;
DROP TABLE strongest;
DROP TABLE verdict;
DROP TABLE handed;
DROP TABLE found;
DROP TABLE fresh;
DROP TABLE IF EXISTS offered;
DROP TABLE doubt;
DROP TABLE hidden;
DROP TABLE worn;
DROP TABLE stray;
DROP TABLE held;
DROP TABLE rooted;
DROP TABLE gone;
DROP TABLE namesake;
DROP TABLE contested;
DROP TABLE earlier;
DROP TABLE plain;
DROP TABLE other;
DROP TABLE bearer;
DROP TABLE stack_name;
DROP TABLE type_scope;
DROP TABLE rule_limit;
DROP MACRO strength_of;
