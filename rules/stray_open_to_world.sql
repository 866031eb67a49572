-- title: A stray that everyone can reach
-- severity: high
-- kind: intruder
-- fix: Close it now (the evidence names what opens it), then find out who made it, and delete it or import it into code
-- about: Nobody reviewed it, and the whole internet may use it: a public database or address, a
--   function URL without sign-in, a queue or topic whose policy names everyone, a shared image.
-- references: https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_layered.html
-- controls: NIST 800-53 SC-7, CM-8(3); CIS 1.2; PCI DSS 1.2.2; SOC 2 CC6.1
-- params: grave = "all ports|port (22|23|445|1433|3306|3389|5432|6379|9200|11211|27017)\\b|principal \\*"
SELECT
    thing.arn,
    coalesce(thing.name, thing.resource_id) || ' (' || thing.resource_type || ') is owned by no code and open to the world: '
        || string_agg(DISTINCT how, ', ' ORDER BY how) AS message,
    CASE WHEN bool_or(regexp_matches(how, $grave)) THEN 'critical' END AS severity,
    to_json({'open_by': list(DISTINCT how ORDER BY how)}) AS evidence
FROM inventory AS thing
JOIN exposed USING (arn)
WHERE thing.status = 'unmanaged' AND thing.root IS NULL
    AND thing.resource_type <> 'Ext::EC2::SecurityGroupRule'
GROUP BY thing.arn, thing.name, thing.resource_id, thing.resource_type
