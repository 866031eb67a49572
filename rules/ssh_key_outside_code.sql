-- title: An SSH key pair that no code made
-- severity: medium
-- kind: intruder
-- fix: Find out who holds the private half; delete it, or import it into code
-- about: Whoever holds the private half gets into every machine started with it, past IAM.
-- controls: NIST 800-53 IA-5; CIS 5.1; SOC 2 CC6.1
SELECT arn, 'key pair ' || coalesce(name, resource_id) || ' was made outside code' AS message
FROM inventory
WHERE status = 'unmanaged' AND resource_type = 'AWS::EC2::KeyPair'
