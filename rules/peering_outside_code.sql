-- title: A network connection to another account made by hand
-- severity: high
-- kind: intruder
-- fix: Find out whose account that is; delete the connection, or import it into code
-- about: A peering carries data past every gateway that is watched.
-- controls: NIST 800-53 CA-3, SC-7; PCI DSS 1.2.2; SOC 2 CC6.1
SELECT
    arn,
    'peering with VPC ' || CASE WHEN properties->>'$.RequesterVpcInfo.OwnerId' = account_id
        THEN (properties->>'$.AccepterVpcInfo.VpcId') || ' of account ' || (properties->>'$.AccepterVpcInfo.OwnerId')
        ELSE (properties->>'$.RequesterVpcInfo.VpcId') || ' of account ' || (properties->>'$.RequesterVpcInfo.OwnerId')
        END || ' was made outside code' AS message,
    CASE WHEN properties->>'$.RequesterVpcInfo.OwnerId' = properties->>'$.AccepterVpcInfo.OwnerId' THEN 'medium' END AS severity
FROM inventory
WHERE status = 'unmanaged' AND resource_type = 'AWS::EC2::VPCPeeringConnection'
    AND coalesce(properties->>'$.Status.Code', '') NOT IN ('deleted', 'rejected', 'failed', 'expired')
