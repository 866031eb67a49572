-- title: A write outside the pipeline
-- severity: medium
-- kind: intruder
-- fix: Ask who did it and why; put the change into code, or undo it; take the right to write by hand away
-- about: Where only the pipeline may write, a write by anybody else is a change that no code knows of,
--   or somebody at work who should not be. Tampering with trails and the deletion of keys count most,
--   then IAM and the network.
-- controls: NIST 800-53 CM-5, AU-6; SOC 2 CC8.1; ISO 27001 8.32
-- params: days = 30
WITH strict AS (
    SELECT DISTINCT account_id FROM inventory
    WHERE environment IN (SELECT role FROM write_policy WHERE kind = 'iac_only')
        AND EXISTS (SELECT 1 FROM write_policy WHERE kind = 'pipeline')
), written AS (
    SELECT event.*, coalesce(session_issuer, principal) AS who
    FROM event
    SEMI JOIN strict USING (account_id)
    WHERE error_code IS NULL
        AND event_source NOT IN ('signin.amazonaws.com', 'sts.amazonaws.com')
        AND channel <> 'service'
        AND event_time >= (SELECT max(event_time) FROM event) - to_days($days)
), outside AS (
    SELECT * FROM written
    WHERE NOT EXISTS (
        SELECT 1 FROM write_policy AS allowed
        WHERE (allowed.kind = 'pipeline' AND written.who GLOB allowed.role
                AND (len(allowed.channels) = 0 OR list_contains(allowed.channels, written.channel)))
            OR (allowed.kind = 'break_glass' AND written.who GLOB allowed.role)
    )
)
SELECT
    'write:' || account_id || ':' || region || ':' || who || ':' || event_source || ':' || event_name
        AS subject,
    any_value(account_id) AS account_id,
    any_value(region) AS region,
    any_value(who) AS creator,
    arg_max(channel, (event_time, event_id)) AS channel,
    count(*) || ' ' || any_value(event_name) || ' by ' || any_value(who) || ' through '
        || arg_max(channel, (event_time, event_id)) || ', last at ' || strftime(max(event_time), '%Y-%m-%d %H:%M')
        || ' from ' || coalesce(arg_max(source_ip, (event_time, event_id)), 'an unknown address') AS message,
    CASE
        WHEN event_name IN ('StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors',
            'DeleteEventDataStore', 'StopEventDataStoreIngestion', 'DeleteFlowLogs', 'DeleteDetector',
            'DisableSecurityHub', 'StopConfigurationRecorder', 'DeleteConfigurationRecorder',
            'DeleteDeliveryChannel', 'ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial')
            THEN 'critical'
        WHEN event_source IN ('iam.amazonaws.com', 'organizations.amazonaws.com', 'sso.amazonaws.com')
            THEN 'high'
        WHEN event_source = 'ec2.amazonaws.com' AND regexp_matches(event_name,
            'SecurityGroup|Route|Gateway|NetworkAcl|Vpc|VPC|Subnet|Peering|Vpn')
            THEN 'high'
    END AS severity,
    to_json({
        'first': min(event_time), 'last': max(event_time),
        'event_ids': list_slice(list(event_id ORDER BY event_time DESC, event_id), 1, 20),
        'addresses': list(DISTINCT source_ip ORDER BY source_ip)
    }) AS evidence
FROM outside
GROUP BY account_id, region, who, event_source, event_name
