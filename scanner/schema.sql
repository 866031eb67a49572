-- Every table and view of a Strays database. Nothing else creates any, except one view per
-- resource type that has rows (store.py). Times are UTC. A scan's id begins with its start time,
-- so ids sort as scans happened.
--
-- Columns that mean the same wherever they stand:
--   scan_id: the scan that the row belongs to
--   account_id: 12 digits as text
--   region: as AWS names it; `global` for global services
--   partition: aws, aws-cn, aws-us-gov ...
--   resource_type: CloudFormation's name of the type; Ext::Service::Noun where it has none
--   terraform_type: Terraform's name of the type
--   service: the service that was asked, as botocore names it
--   arn: the resource's key everywhere; made from a template where AWS gives none
--   name: what people call it, from AWS or from the tag Name
--   tags: AWS's own tags
--   properties: what AWS says of it, less what may be secret
--   environment: the first [[environment]] that fits
--   owner: the state, stack or tag that owns it
--   owner_address: its name in the owner (module.db.aws_sqs_queue.jobs, a logical id)
--   owner_source: terraform, cloudformation, tag ...; of a derived resource that of its owner
--   address: its name in the source
--   status: managed | derived | default | unmanaged | unknown; of findings also missing and drifted
--   severity: critical | high | medium | low | info
--   evidence: why, in words or as JSON
--   default_evidence: why AWS is held to have made it
--   reason: why
--   message: what happened, in a sentence
--   fix: what to do about it
--   candidates: the ARNs of all that it fits
--   target_type: the type of the far end
--   target_key: the far end, as this resource names it
--   target_arn: the one resource at the far end; null where there is none
--   owns: target where arn owns the far end, self where it is owned by it, null where neither
--   key: one name that a claim or a link may use
--   created_at: when AWS says that it was made
--   seen_at: when it was listed
--   first_seen: when a scan saw it first
--   last_seen: when a scan saw it last
--   started_at: when the scan began
--   finished_at: when it ended
--   types_later: those that a later scan looked at
--   complete_later: those that a later scan saw whole
--   modified_at: when it was last written
--   closed_at: the scan that saw it closed
--   accepted_at: when it was accepted
--   sent_at: when it was sent
--   age: how long it has been open
--   error_code: AWS's code, or the client library's
--   resources: how many
--   calls: how many API calls it took
--   claims: how many claims were read
--   dependents: how many resources hang on it
--   accounts: their accounts
--   regions: their regions
--   serial: the state's serial number
--   lineage: the state's lineage
--   caller_arn: who called AWS
--   role_arn: the role that was assumed
--   strays_version: of the tool that made the row
--   schema_version: of this file
--   claim_id: the claim's key within its scan
--   finding_id: stable over scans
--   exception_id: the id that its file gives it
--   rule_id: the rule, named by its file
--   creator: the principal that made it, as far as trails tell
--   channel: through what it was made (console, cli, sdk, terraform ...)
--   event_id: CloudTrail's id of the event
--   event_time: when it happened
--   event_source: the service, as CloudTrail names it (ec2.amazonaws.com)
--   event_name: the API call
--   principal: the ARN of who called
--   principal_type: what kind of caller, as CloudTrail names it
--   source_ip: where the call came from
--   user_agent: what the caller's program says it is
--   read_from: from when on events have been read without a hole
--   read_through: up to when events have been read
--   starts: when the window opens
--   ends: when it closes
--   found: what it is instead
--   note: what else there is to say
--   number: the row's number in its table
--   type: glob over resource types
--   resource: glob over ARNs and ids
--   ticket: where it was agreed
--   approver: who allowed it
--   file: where it stands
--   created: the day it was written
--   expired: whether it had ended by then
--   counted_type: the type; in the source's own words where the catalog does not know it
--   not_scanned: how many of them are where that type was not scanned whole
--   listed: how many the scans hold
--   target: whom it was sent to
--   complete: whether the newest look supports a verdict
--   complete_scan: the newest scan that saw the cell whole; null where none did
--   out_of_scope: the reason of the entry that takes it out of the verdict; null where none does
--   owned: managed and derived resources
--   unmanaged: strays and what hangs on them
--   strays: strays that hang on no other
--   coverage: owned in whole per cent of owned and unmanaged
--   open: open findings
--   accepted: excepted and baselined findings
--   not_seen: findings whose cell was not seen whole
--   closed: findings that this scan saw closed
--   time_to_close: how long those had been open, on average

-- What made this file.
CREATE TABLE meta (schema_version INTEGER NOT NULL, created_at TIMESTAMP NOT NULL, strays_version VARCHAR NOT NULL);

-- One run of `collect` (or of `resolve` on its own database): what it covered and how it ended.
CREATE TABLE scan (
    scan_id VARCHAR PRIMARY KEY,
    state VARCHAR NOT NULL,              -- running | loaded | abandoned
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    strays_version VARCHAR NOT NULL,
    caller_arn VARCHAR,
    scope JSON                           -- accounts, regions, types and sources as asked for
);

-- The accounts of a scan.
CREATE TABLE account (
    scan_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    name VARCHAR,
    organizational_unit VARCHAR,         -- path of names, as in Root/Workloads/Production
    tags MAP(VARCHAR, VARCHAR),          -- asked for where an [[environment]] names account_tags
    partition VARCHAR NOT NULL,
    role_arn VARCHAR,
    regions VARCHAR[],
    outcome VARCHAR NOT NULL,            -- ok | denied | failed
    message VARCHAR
);

-- The types that the ledger tells of, each by its number.
CREATE TABLE type_number (
    resource_type VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    number SMALLINT NOT NULL             -- its bit in `looked`, once and for all
);

-- What `coverage` is kept in: the cells of a place that came out alike, since nearly all do. A thousand
-- accounts have thirteen million cells a night.
CREATE TABLE coverage_group (
    scan_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,            -- ok | unavailable | denied | throttled | failed | unsupported | untried (--hints, --max-calls)
    error_code VARCHAR,
    message VARCHAR,
    resources BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    finished_at TIMESTAMP NOT NULL,      -- of the first of those that came out alike
    types SMALLINT[] NOT NULL            -- their numbers in `type_number`
);

-- The same in few rows, a bit for each type: what tells which look at a cell is the newest.
CREATE TABLE looked (
    scan_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    types BIT NOT NULL,                  -- those that were looked at
    complete BIT NOT NULL                -- those of them that were seen whole
);

-- One row per cell (account, region, resource type) of a scan: what happened when it was listed.
CREATE VIEW coverage AS
SELECT scan_id, account_id, region, resource_type, service, outcome, error_code, message, resources, calls,
    finished_at
FROM (SELECT * EXCLUDE (types), unnest(types) AS number FROM coverage_group)
JOIN type_number USING (number);

-- What other inventories of AWS count, where they are asked ([scan] cross_check); or why they do not.
CREATE TABLE cross_check (
    scan_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    source VARCHAR NOT NULL,             -- config | resource-explorer | cloudformation | iam
    outcome VARCHAR NOT NULL,            -- counted | off | denied | throttled | failed ...
    counted_type VARCHAR,
    resource_type VARCHAR,               -- null where the catalog does not know it
    resources BIGINT NOT NULL,
    examples VARCHAR[] NOT NULL,         -- ARNs of a few, where the catalog does not know the type
    message VARCHAR
);

-- One row per state, stack or other source of claims.
CREATE TABLE source (
    scan_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,          -- tfstate+s3://bucket/key, a stack's ARN ...
    kind VARCHAR NOT NULL,               -- terraform | cloudformation | trail | plan ...
    outcome VARCHAR NOT NULL,            -- read | denied | failed | skipped
    message VARCHAR,
    account_id VARCHAR,
    region VARCHAR,
    serial BIGINT,
    lineage VARCHAR,
    version VARCHAR,                     -- of the tool that wrote it
    resources BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    other_providers MAP(VARCHAR, BIGINT), -- instances of providers that are not AWS
    modified_at TIMESTAMP
);

-- Cells taken out of the verdict by [[out_of_scope]], as of each scan; expired entries do not count.
CREATE TABLE out_of_scope (
    scan_id VARCHAR NOT NULL,
    account VARCHAR NOT NULL,            -- globs
    region VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    expires DATE,
    expired BOOLEAN NOT NULL
);

-- What AWS listed.
CREATE TABLE resource (
    scan_id VARCHAR NOT NULL,
    arn VARCHAR NOT NULL,
    resource_type VARCHAR NOT NULL,
    terraform_type VARCHAR,
    resource_id VARCHAR NOT NULL,        -- AWS's own identifier of the thing
    terraform_id VARCHAR,                -- the `id` that Terraform gives it, where that differs
    name VARCHAR,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    cell_region VARCHAR NOT NULL,        -- region of the cell that listed it (buckets: global)
    partition VARCHAR NOT NULL,
    created_at TIMESTAMP,
    tags MAP(VARCHAR, VARCHAR),
    properties JSON,
    keys VARCHAR[] NOT NULL,             -- what a claim may name it by, canonical ARN first
    parent_arn VARCHAR,                  -- the resource it was listed under
    default_rule VARCHAR,                -- the rule by which AWS made it in every account
    default_evidence VARCHAR,
    unreviewed BOOLEAN NOT NULL,         -- listed by a generated entry that no one reviewed
    seen_at TIMESTAMP NOT NULL
);

-- One resource names another. `owns`: target (arn owns it), self (it owns arn) or null.
CREATE TABLE link (
    scan_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    arn VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,               -- owns | contains | attached_to | uses | in_vpc | encrypted_by | assumes ...
    target_type VARCHAR NOT NULL,
    target_key VARCHAR NOT NULL,
    owns VARCHAR,
    rule VARCHAR,
    trust VARCHAR NOT NULL,              -- parent_list | api_field | aws_tag | user_tag | name
    evidence VARCHAR NOT NULL
);

-- "I manage this", said by a state, a stack or a tag.
CREATE TABLE claim (
    scan_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,        -- terraform | cloudformation | tag
    source_id VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    claimed_type VARCHAR NOT NULL,       -- the type in the source's own words
    resource_type VARCHAR,
    account_id VARCHAR,
    region VARCHAR,
    keys VARCHAR[] NOT NULL,
    inline BOOLEAN NOT NULL,             -- implied by a collection inside another record: weak
    ignored VARCHAR,                     -- why this type is no inventory
    evidence VARCHAR
);

-- What became of each claim in the newest resolution.
CREATE TABLE claim_match (
    scan_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,              -- matched | missing | unseen | ambiguous | unknown_type | out_of_scope
    arn VARCHAR,
    candidates VARCHAR[],
    reason VARCHAR
);

-- The verdict per resource.
CREATE TABLE ownership (
    scan_id VARCHAR NOT NULL,
    arn VARCHAR NOT NULL,
    status VARCHAR NOT NULL,             -- managed | derived | default | unmanaged | unknown
    owner VARCHAR,
    owner_address VARCHAR,
    owner_source VARCHAR,
    owned_via VARCHAR[],                 -- ARNs from the claimed one to this
    root VARCHAR,                        -- the stray it hangs on
    environment VARCHAR,
    first_seen TIMESTAMP,
    evidence JSON                        -- null: the one claim that names it says all
);

-- Strays that belong together, as one unit to adopt or delete: two roots at least.
CREATE TABLE cluster (
    scan_id VARCHAR NOT NULL,
    cluster_id VARCHAR NOT NULL,         -- the same as long as its oldest member is in it
    name VARCHAR NOT NULL,
    arn VARCHAR NOT NULL,                -- its most telling member
    members VARCHAR[] NOT NULL,          -- the roots; their dependents belong to it too
    dependents BIGINT NOT NULL,
    accounts VARCHAR[] NOT NULL,
    regions VARCHAR[] NOT NULL
);

-- What the rules returned, judged. One row per finding and scan.
CREATE TABLE finding (
    finding_id VARCHAR NOT NULL,
    scan_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    state VARCHAR NOT NULL,              -- open | excepted | baselined | closed | not_seen
    status VARCHAR,
    arn VARCHAR,
    resource_type VARCHAR,
    terraform_type VARCHAR,
    resource_id VARCHAR,
    name VARCHAR,
    account_id VARCHAR,
    region VARCHAR,
    environment VARCHAR,
    owner VARCHAR,
    root VARCHAR,
    dependents BIGINT,
    cluster_id VARCHAR,
    creator VARCHAR,
    channel VARCHAR,
    message VARCHAR NOT NULL,
    fix VARCHAR,
    evidence JSON,
    exception_id VARCHAR,
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    closed_how VARCHAR,                  -- deleted | adopted | resolved
    reopened_at TIMESTAMP                -- when it last came back after it was closed
);

-- The approved exceptions as of each scan, and what came of them.
CREATE TABLE exception (
    scan_id VARCHAR NOT NULL,
    exception_id VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    covers VARCHAR NOT NULL,             -- what it says that it covers, in words
    rule VARCHAR NOT NULL,               -- glob
    type VARCHAR NOT NULL,               -- glob
    resource VARCHAR NOT NULL,           -- glob over ARNs and ids
    account VARCHAR NOT NULL,            -- glob
    environment VARCHAR NOT NULL,        -- glob
    region VARCHAR NOT NULL,             -- glob
    tags MAP(VARCHAR, VARCHAR) NOT NULL, -- globs over the values of tags
    ignore VARCHAR[] NOT NULL,           -- lines in driftctl's grammar
    reason VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,              -- who answers for it
    approver VARCHAR NOT NULL,
    ticket VARCHAR NOT NULL,
    created DATE NOT NULL,
    expires DATE NOT NULL,               -- the last day it holds
    expired BOOLEAN NOT NULL,
    hits BIGINT NOT NULL                 -- findings of this scan that it covers, or would
);

-- Write events of CloudTrail, lean, each once whatever scan read it.
CREATE TABLE event (
    event_id VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    event_time TIMESTAMP NOT NULL,
    event_source VARCHAR NOT NULL,
    event_name VARCHAR NOT NULL,
    makes VARCHAR[] NOT NULL,            -- resource types that such an event makes
    principal_type VARCHAR,
    principal VARCHAR NOT NULL,
    session_issuer VARCHAR,              -- the role behind a session
    source_identity VARCHAR,             -- the person behind it, where that is enforced
    channel VARCHAR NOT NULL,            -- console | cli | sdk | terraform | cloudformation ...
    source_ip VARCHAR,
    user_agent VARCHAR,
    error_code VARCHAR,
    keys VARCHAR[] NOT NULL,             -- ids, names and ARNs that it names
    source_id VARCHAR NOT NULL,
    PRIMARY KEY (event_id, account_id)
);

-- From when to when the events of each account and region have been read without a hole.
CREATE TABLE event_mark (
    account_id VARCHAR, region VARCHAR, read_from TIMESTAMP NOT NULL, read_through TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, region)
);

-- Who made a resource, as far as events tell; made anew by each `strays events`.
CREATE TABLE maker (
    arn VARCHAR NOT NULL,
    trust VARCHAR NOT NULL,              -- event | root (its root's) | burst (its neighbours')
    creator VARCHAR NOT NULL,
    channel VARCHAR,
    principal VARCHAR,
    session_issuer VARCHAR,
    source_identity VARCHAR,
    source_ip VARCHAR,
    event_time TIMESTAMP,
    event_name VARCHAR,
    event_id VARCHAR
);

-- Who may write by hand, from the configuration, as of the newest reading of events.
CREATE TABLE write_policy (
    kind VARCHAR NOT NULL,               -- pipeline | break_glass
    role VARCHAR NOT NULL,               -- glob
    channels VARCHAR[] NOT NULL,         -- empty: any
    ticket VARCHAR,
    approver VARCHAR,
    starts TIMESTAMP,
    ends TIMESTAMP
);

-- Managed things whose attributes differ from what their code says.
CREATE TABLE drift (
    scan_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,          -- a plan, a stack, a state
    how VARCHAR NOT NULL,                -- plan | stack | state
    state VARCHAR NOT NULL,              -- drifted | pending | gone | unchecked
    arn VARCHAR,
    resource_type VARCHAR,
    address VARCHAR NOT NULL,
    attribute VARCHAR NOT NULL,          -- empty: the thing as a whole
    expected VARCHAR,                    -- null where it is sensitive or secret
    found VARCHAR,
    note VARCHAR
);

-- Findings accepted as known: they are `baselined` until they are closed or grow more severe.
CREATE TABLE baseline (
    finding_id VARCHAR PRIMARY KEY,
    scan_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    accepted_at TIMESTAMP NOT NULL
);

-- Who was told of a scan, so that nobody is told twice.
CREATE TABLE notice (
    scan_id VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    findings VARCHAR[] NOT NULL          -- ids of the findings that were told of
);

-- The scans that views look at: loaded ones, up to the one that `--scan` names.
CREATE VIEW visible_scan AS
SELECT * FROM scan
WHERE state = 'loaded' AND scan_id <= coalesce(getvariable('as_of')::VARCHAR, '~');

-- What each scan looked at in a place, and what later ones did there.
CREATE VIEW look AS
SELECT *,
    coalesce(bit_or(types) OVER later, xor(types, types)) AS types_later,
    coalesce(bit_or(complete) OVER later, xor(types, types)) AS complete_later
FROM looked
WHERE scan_id IN (SELECT scan_id FROM visible_scan)
WINDOW later AS (
    PARTITION BY account_id, region ORDER BY scan_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
);

CREATE MACRO has_bit(bits, number) AS get_bit(bits, number) = 1;

-- Those of a look's types that no later look saw too.
CREATE MACRO still(types, later) AS CASE WHEN bit_count(later) = 0 THEN types
    ELSE list_filter(types, lambda number: NOT has_bit(later, number)) END;

-- The cells that rows of `coverage_group` tell of: their newest looks. What can be told of a whole group is
-- told before it is taken apart, so that who asks for a few cells does not go through all.
CREATE MACRO cells_in(groups) AS TABLE
WITH bound AS (
    SELECT scope ->> 'max_age' AS max_age,
        started_at - to_seconds((scope ->> 'max_age_seconds')::BIGINT) AS oldest
    FROM visible_scan ORDER BY scan_id DESC LIMIT 1
), newest AS NOT MATERIALIZED (
    SELECT said.*, look.types_later, outcome IN ('ok', 'unavailable') AS whole,
        coalesce(said.finished_at < bound.oldest, false) AS aged, bound.max_age
    FROM query_table(groups) AS said
    JOIN look USING (scan_id, account_id, region)
    CROSS JOIN bound
), before AS (
    -- The newest complete look where a later one was not.
    SELECT account_id, region, scan_id, number
    FROM (
        SELECT account_id, region, scan_id, unnest(said.types) AS number, types_later, complete_later
        FROM query_table(groups) AS said
        JOIN look USING (scan_id, account_id, region)
        WHERE outcome IN ('ok', 'unavailable') AND bit_count(complete & types_later & ~complete_later) > 0
    )
    WHERE has_bit(types_later, number) AND NOT has_bit(complete_later, number)
), told AS NOT MATERIALIZED (
    SELECT account_id, region, unnest(still(types, types_later)) AS number, scan_id,
        scan_id AS complete_scan,
        if(aged, 'failed', outcome) AS outcome,
        if(aged, 'TooOld', error_code) AS error_code,
        if(aged, 'seen last at ' || strftime(finished_at, '%Y-%m-%d %H:%M') || ', longer ago than max_age '
            || max_age, message) AS message,
        resources, finished_at AS seen_at, NOT aged AS complete
    FROM newest WHERE whole
    UNION ALL BY NAME
    SELECT blind.*, before.scan_id AS complete_scan, false AS complete
    FROM (
        SELECT account_id, region, unnest(still(types, types_later)) AS number, scan_id, outcome,
            error_code, message, resources, finished_at AS seen_at
        FROM newest WHERE NOT whole
    ) AS blind
    LEFT JOIN before USING (account_id, region, number)
), excluded AS (
    SELECT list({'account': account, 'region': region, 'type': type, 'reason': reason}) AS entries
    FROM out_of_scope
    WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND NOT expired
)
SELECT account_id, region, resource_type, service, scan_id, complete_scan, outcome, error_code, message,
    resources, seen_at, complete,
    list_min(list_transform(
        list_filter((SELECT entries FROM excluded), lambda one:
            account_id GLOB one.account AND region GLOB one.region AND resource_type GLOB one.type),
        lambda one: one.reason)) AS out_of_scope
FROM told
JOIN type_number USING (number);

-- Per cell: its newest look, and the newest one that was complete. A look that is older than
-- `[scan] max_age` of the newest scan proves nothing any more: it counts as failed.
CREATE VIEW cell AS FROM cells_in('coverage_group');

-- The looks that count: those that no complete look at the same cell followed.
CREATE MACRO looks_that_count(looks) AS TABLE
SELECT found.*
FROM query_table(looks) AS found
JOIN type_number USING (resource_type)
JOIN look
    ON look.scan_id = found.scan_id
    AND look.account_id = found.account_id
    AND look.region = found.cell_region
WHERE has_bit(look.types, type_number.number) AND NOT has_bit(look.complete_later, type_number.number);

-- The rows of `resource` to look at, by their numbers: of each thing its newest look that counts. Only
-- what was seen more than once is sorted: a window over everything costs six times as much. Which that may
-- be is told by hashes, which take a tenth of the room of ARNs.
CREATE MACRO current_rows(looks) AS TABLE
WITH counting AS NOT MATERIALIZED (
    SELECT number, arn, resource_type, scan_id, hash(arn, resource_type) AS mark FROM looks_that_count(looks)
), twice AS (
    SELECT mark FROM counting GROUP BY mark HAVING count(*) > 1
)
SELECT number FROM counting ANTI JOIN twice USING (mark)
UNION ALL
SELECT number FROM counting SEMI JOIN twice USING (mark)
QUALIFY row_number() OVER (PARTITION BY arn, resource_type ORDER BY scan_id DESC) = 1;

-- What `current_rows` asks of every row; part of them do, with every look at the same ARNs.
CREATE VIEW resource_look AS
SELECT rowid AS number, arn, resource_type, account_id, cell_region, scan_id, seen_at FROM resource;

-- The rows of `resource` to look at.
CREATE VIEW current_row AS FROM current_rows('resource_look');

-- The resources that count: per cell the newest complete look, and what later looks saw besides.
CREATE VIEW current_resource AS
SELECT resource.* FROM resource SEMI JOIN current_row ON current_row.number = resource.rowid;

-- What the newest cross-check counted, per account, source and type, beside what a scan listed of it.
-- AWS Config and CloudFormation count a global thing in every region: there the largest number stands.
CREATE VIEW cross_checked AS
WITH known AS (
    SELECT DISTINCT number
    FROM (SELECT rowid AS number, unnest(examples) AS arn FROM cross_check)
    SEMI JOIN current_resource USING (arn)
), told AS (
    SELECT account_id, source, coalesce(resource_type, counted_type) AS counted_type, region, resources,
        rowid IN (SELECT number FROM known) AS recognised
    FROM cross_check
    WHERE outcome = 'counted'
        AND scan_id = (SELECT max(scan_id) FROM cross_check WHERE scan_id IN (SELECT scan_id FROM visible_scan))
), counted AS (
    SELECT account_id, source, counted_type, region,
        if(region = 'global', max(resources), sum(resources)) AS resources,
        bool_or(recognised) AS recognised
    FROM told GROUP BY account_id, source, counted_type, region
), listed AS (
    SELECT account_id, resource_type, count(*) AS resources FROM current_resource GROUP BY ALL
)
SELECT counted.account_id, counted.source, counted.counted_type,
    sum(counted.resources)::BIGINT AS resources,
    coalesce(sum(counted.resources) FILTER (cell.complete IS NOT TRUE AND NOT recognised), 0)::BIGINT
        AS not_scanned,
    coalesce(any_value(listed.resources), 0) AS listed
FROM counted
LEFT JOIN cell
    ON cell.account_id = counted.account_id
    AND cell.region = counted.region
    AND cell.resource_type = counted.counted_type
LEFT JOIN listed
    ON listed.account_id = counted.account_id AND listed.resource_type = counted.counted_type
GROUP BY counted.account_id, counted.source, counted.counted_type;

-- The links of what is there now.
CREATE VIEW current_link AS
SELECT link.* FROM link
SEMI JOIN current_resource ON current_resource.arn = link.arn AND current_resource.scan_id = link.scan_id;

-- What a claim or a link may name each resource by.
CREATE VIEW resource_key AS
SELECT unnest(list_distinct(keys)) AS key, arn, resource_type, account_id, region, cell_region
FROM current_resource;

-- Every link with the one resource at its far end: by ARN anywhere, by other keys near by. Null
-- where there is none; a link that fits two names neither and is left out, unless its own resource
-- bears that key too: then it names its peers (the revisions of one family).
CREATE MACRO link_ends(links, keys) AS TABLE
WITH said AS (
    SELECT row_number() OVER () AS number, *
    FROM (
        SELECT DISTINCT ON (arn, kind, target_type, target_key, owns, rule, trust) *
        FROM query_table(links)
    )
)
SELECT said.* EXCLUDE (number), far.arn AS target_arn
FROM said
LEFT JOIN query_table(keys) AS far
    ON far.key = said.target_key
    AND far.resource_type = said.target_type
    AND (said.target_key LIKE 'arn:%'
        OR (far.account_id = said.account_id
            AND (far.region = said.region OR far.cell_region = 'global' OR said.region = 'global')))
WINDOW same AS (PARTITION BY said.number)
QUALIFY count(far.arn) OVER same <= 1 OR bool_or(far.arn = said.arn) OVER same;

-- The links of what is there now with the one resource at their far end (link_ends).
CREATE VIEW link_target AS FROM link_ends('current_link', 'resource_key');

-- The newest resolution.
CREATE VIEW resolved_scan AS
SELECT max(scan_id) AS scan_id
FROM (SELECT scan_id FROM ownership UNION ALL SELECT scan_id FROM claim_match)
WHERE scan_id IN (SELECT scan_id FROM visible_scan);

-- What is there now, and whose it is: the view to begin with.
CREATE VIEW inventory AS
SELECT
    resource.arn, resource.resource_type, resource.terraform_type, resource.resource_id,
    resource.name, resource.account_id, resource.region, ownership.environment,
    resource.created_at, resource.tags, resource.properties,
    coalesce(ownership.status, 'unknown') AS status,
    ownership.owner, ownership.owner_address, ownership.owner_source, ownership.owned_via,
    ownership.root,
    CASE WHEN ownership.evidence IS NULL AND ownership.owner_address IS NOT NULL
        THEN json_object('because', 'claimed by ' || ownership.owner || ' as ' || ownership.owner_address)
        ELSE ownership.evidence END AS evidence,
    coalesce(ownership.first_seen, resource.seen_at) AS first_seen, resource.seen_at,
    resource.terraform_id, resource.partition, resource.parent_arn, resource.unreviewed
FROM current_resource AS resource
LEFT JOIN ownership
    ON ownership.arn = resource.arn AND ownership.scan_id = (SELECT scan_id FROM resolved_scan);

-- The clusters of strays of the newest resolution.
CREATE VIEW clusters AS
SELECT * FROM cluster WHERE scan_id = (SELECT scan_id FROM resolved_scan);

-- The claims of the newest resolution with what became of them.
CREATE VIEW claims AS
SELECT
    claim.claim_id, claim_match.state, claim_match.reason, claim.source_kind, claim.source_id, claim.owner,
    claim.address, claim.claimed_type, claim.resource_type, claim.account_id, claim.region,
    claim.keys, claim.inline, claim_match.arn, claim_match.candidates, claim.evidence, claim.scan_id
FROM claim
JOIN claim_match USING (scan_id, claim_id)
WHERE claim.scan_id = (SELECT scan_id FROM resolved_scan);

-- Every finding in its newest form.
CREATE VIEW findings AS
SELECT
    finding_id, scan_id, rule_id, severity, state, status, arn, resource_type, terraform_type,
    resource_id, name, account_id, region, environment, owner, root, dependents, cluster_id,
    creator, channel, message, fix, evidence, exception_id, first_seen, last_seen,
    last_seen - coalesce(reopened_at, first_seen) AS age, closed_at, closed_how, reopened_at
FROM finding
WHERE (finding_id, scan_id) IN (
    SELECT (finding_id, max(scan_id)) FROM finding
    WHERE scan_id IN (SELECT scan_id FROM visible_scan) GROUP BY finding_id
);

-- Scan by scan and environment: strays open, closed, and how long closing took; coverage.
CREATE VIEW trend AS
WITH seen AS (
    SELECT scan_id, coalesce(environment, '') AS environment,
        count(*) AS resources,
        count(*) FILTER (status IN ('managed', 'derived')) AS owned,
        count(*) FILTER (status = 'unmanaged') AS unmanaged,
        count(*) FILTER (status = 'unmanaged' AND root IS NULL) AS strays
    FROM ownership GROUP BY ALL
), judged AS (
    SELECT scan_id, coalesce(environment, '') AS environment,
        count(*) FILTER (state = 'open') AS open,
        count(*) FILTER (state IN ('excepted', 'baselined')) AS accepted,
        count(*) FILTER (state = 'not_seen') AS not_seen,
        count(*) FILTER (state = 'closed') AS closed,
        avg(closed_at - coalesce(reopened_at, first_seen)) FILTER (state = 'closed') AS time_to_close
    FROM finding GROUP BY ALL
)
SELECT scan.scan_id, scan.started_at, environment, resources, owned, unmanaged, strays,
    100 * owned // nullif(owned + unmanaged, 0) AS coverage,
    coalesce(open, 0) AS open, coalesce(accepted, 0) AS accepted,
    coalesce(not_seen, 0) AS not_seen, coalesce(closed, 0) AS closed, time_to_close
FROM seen
FULL JOIN judged USING (scan_id, environment)
JOIN visible_scan AS scan USING (scan_id);
