-- Strays over accounts and regions, as of one scan; crowd.py binds the values.
CREATE TEMP TABLE pick AS
SELECT
    i, hash(i) AS h,
    (100000000000 + 7919 * (((i * i) % 9973) % $accounts))::VARCHAR AS account_id,
    ['us-east-1', 'us-east-1', 'us-east-1', 'eu-west-1', 'eu-west-1', 'eu-central-1',
     'us-west-2', 'ap-southeast-2', 'ap-northeast-1', 'sa-east-1'
    ][1 + (hash(i, 1) % 10)::BIGINT] AS region,
    ['EC2::Instance', 'EC2::Volume', 'S3::Bucket', 'IAM::Role', 'SQS::Queue', 'Lambda::Function',
     'EC2::SecurityGroup', 'Logs::LogGroup', 'EC2::Instance', 'EC2::NetworkInterface', 'KMS::Key',
     'SecretsManager::Secret', 'DynamoDB::Table', 'SNS::Topic'
    ][1 + (hash(i, 2) % 14)::BIGINT] AS kind,
    ['critical', 'high', 'high', 'medium', 'medium', 'medium', 'medium', 'low', 'low', 'low',
     'low', 'low'][1 + (hash(i, 3) % 12)::BIGINT] AS severity,
    ['production', 'staging', 'sandbox', NULL][1 + (hash(i, 4) % 4)::BIGINT] AS environment,
    format('thing-{:07d}', i) AS resource_id,
    format('arn:aws:x:{}:{}:thing/{:07d}', region, account_id, i) AS arn,
    ['payments-api', 'etl', 'web', 'test', 'jenkins-agent', 'backup'
    ][1 + (h % 6)::BIGINT] || '-' || i AS name
FROM range($n) AS t(i);

INSERT INTO resource BY NAME
SELECT
    $scan AS scan_id, arn, 'AWS::' || kind AS resource_type,
    'aws_' || lower(split_part(kind, '::', 2)) AS terraform_type,
    resource_id, name, account_id, region, region AS cell_region, 'aws' AS partition,
    $began - to_hours((h % 20000)::BIGINT) AS created_at,
    MAP {'Name': 'thing ' || i, 'team': ['data', 'core', 'ml'][1 + (h % 3)::BIGINT]} AS tags,
    json_object('Id', i, 'State', 'running', 'SubnetId', 'subnet-' || (h % 977),
        'Notes', md5(i::VARCHAR)) AS properties,
    [] AS keys, false AS unreviewed, $began AS seen_at
FROM pick;

INSERT INTO ownership BY NAME
SELECT
    $scan AS scan_id, arn, 'unmanaged' AS status, environment, $began AS first_seen,
    json_object('because', 'no state, stack or agreed tag claims it') AS evidence
FROM pick;

INSERT INTO finding BY NAME
SELECT
    md5(arn)[1:16] AS finding_id, $scan AS scan_id,
    ['unmanaged_resource', 'unmanaged_resource', 'unmanaged_resource',
     'burst_of_alike_resources', 'iam_principal_outside_code', 'tag_says_code'
    ][1 + (h % 6)::BIGINT] AS rule_id,
    severity, 'open' AS state, 'unmanaged' AS status, arn, 'AWS::' || kind AS resource_type,
    'aws_' || lower(split_part(kind, '::', 2)) AS terraform_type, resource_id, name, account_id,
    region, environment, (h % 4)::BIGINT AS dependents, name || ' is in no code' AS message,
    'Import it, or delete it.' AS fix,
    json_object('because', 'no state, stack or agreed tag claims it') AS evidence,
    $began - to_hours((h % 9000)::BIGINT) AS first_seen, $began AS last_seen
FROM pick;

CREATE TEMP TABLE cells AS
SELECT DISTINCT
    $scan AS scan_id, account_id, region, 'AWS::' || kind AS resource_type,
    lower(split_part(kind, '::', 1)) AS service,
    CASE WHEN hash(account_id, region) % 23 = 0 THEN 'denied' ELSE 'ok' END AS outcome,
    NULL AS error_code, NULL AS message, 0 AS resources, 1 AS calls, $began AS finished_at
FROM pick;

INSERT INTO account BY NAME
SELECT DISTINCT
    $scan AS scan_id, account_id, 'team ' || account_id[8:] AS name, 'aws' AS partition,
    'ok' AS outcome
FROM pick
