-- title: Something that runs by itself and no code made
-- severity: medium
-- kind: intruder
-- fix: Look at what it starts and in whose name; delete it, or import it into code
-- about: A schedule or an event rule is how an intruder's work goes on after the key is rotated.
-- references: https://attack.mitre.org/techniques/T1053/
-- controls: NIST 800-53 SI-4, CM-7; SOC 2 CC7.2
SELECT
    arn,
    coalesce(name, resource_id) || ' runs ' || coalesce(properties->>'$.ScheduleExpression', 'on events')
        || ' and was made outside code' AS message
FROM inventory
WHERE status = 'unmanaged' AND root IS NULL
    AND (resource_type = 'AWS::Scheduler::Schedule' OR resource_type = 'AWS::Events::Rule')
    AND coalesce(properties->>'$.State', 'ENABLED') <> 'DISABLED'
