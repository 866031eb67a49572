-- title: An exception approved by its own owner
-- severity: info
-- kind: exception
-- fix: Have somebody else approve it
-- about: Who wants an exception should not be who allows it.
-- controls: NIST 800-53 AC-5, CM-8(6); SOC 2 CC8.1
SELECT
    'exception:' || exception_id AS subject,
    exception_id || ' was asked for and approved by ' || owner AS message,
    owner,
    to_json({'file': file, 'covers': covers, 'ticket': ticket}) AS evidence
FROM exception
WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND NOT expired
    AND lower(trim(owner)) = lower(trim(approver))
