-- step match
-- A thing's maker is the earliest successful event that makes its type and names it, by whole key
-- or by all the parts of a composite one; nothing made before it can have made it.
DELETE FROM maker;

INSERT INTO maker BY NAME
WITH making AS (
    SELECT unnest(makes) AS resource_type, * EXCLUDE (makes) FROM event
    WHERE error_code IS NULL AND len(makes) > 0
), named AS (
    SELECT DISTINCT known.arn, making.event_id
    FROM (SELECT unnest(keys) AS key, * EXCLUDE (keys) FROM making) AS making
    JOIN resource_key AS known
        ON known.key = making.key AND known.resource_type = making.resource_type
        AND known.account_id = making.account_id
        AND (known.region = making.region OR known.region = 'global' OR known.cell_region = 'global')
    UNION
    SELECT DISTINCT thing.arn, making.event_id
    FROM making
    JOIN (
        SELECT arn, resource_type, account_id, region,
            string_split(resource_id, CASE WHEN contains(resource_id, '|') THEN '|' ELSE ':' END) AS parts
        FROM current_resource
        WHERE resource_id NOT LIKE 'arn:%' AND resource_id NOT LIKE '%//%'
            AND (contains(resource_id, '|') OR contains(resource_id, ':'))
    ) AS thing
        ON thing.resource_type = making.resource_type AND thing.account_id = making.account_id
        AND thing.region IN (making.region, 'global') AND list_has_all(making.keys, thing.parts)
)
SELECT named.arn, 'event' AS trust, coalesce(event.source_identity, event.principal) AS creator,
    event.channel, event.principal, event.session_issuer, event.source_identity, event.source_ip,
    event.event_time, event.event_name, event.event_id
FROM named
JOIN event USING (event_id)
LEFT JOIN current_resource AS thing ON thing.arn = named.arn
WHERE thing.created_at IS NULL OR event.event_time <= thing.created_at + INTERVAL 1 HOUR
QUALIFY row_number() OVER (
    PARTITION BY named.arn
    ORDER BY abs(epoch(event.event_time) - epoch(coalesce(thing.created_at, event.event_time))),
        event.event_time, event.event_id
) = 1;

-- step dependents
-- What hangs on a stray was made by whoever made that, unless an event says otherwise.
INSERT INTO maker BY NAME
SELECT ownership.arn, 'root' AS trust, maker.* EXCLUDE (arn, trust)
FROM ownership
JOIN maker ON maker.arn = ownership.root
WHERE ownership.scan_id = $scan
    AND ownership.arn NOT IN (SELECT arn FROM maker);

-- step burst
-- With less trust: whoever made all that is known of the same account and region in the same
-- fifteen minutes.
INSERT INTO maker BY NAME
WITH near AS (
    SELECT thing.arn, maker.*
    EXCLUDE (arn, trust, event_id, event_name, event_time)
    FROM current_resource AS thing
    JOIN event ON event.account_id = thing.account_id AND event.region = thing.region
        AND event.error_code IS NULL AND len(event.makes) > 0
        AND abs(epoch(event.event_time) - epoch(thing.created_at)) <= 900
    JOIN maker ON maker.event_id = event.event_id AND maker.trust = 'event'
    WHERE thing.created_at IS NOT NULL AND thing.arn NOT IN (SELECT arn FROM maker)
)
SELECT arn, 'burst' AS trust, min(creator) AS creator, min(channel) AS channel,
    min(principal) AS principal, min(session_issuer) AS session_issuer,
    min(source_identity) AS source_identity, min(source_ip) AS source_ip
FROM near GROUP BY arn
HAVING count(DISTINCT creator) = 1 AND count(*) >= 2;

-- step findings
UPDATE finding SET creator = maker.creator, channel = maker.channel
FROM maker WHERE maker.arn = finding.arn AND finding.scan_id = $scan;
