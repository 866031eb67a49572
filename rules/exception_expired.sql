-- title: An exception has ended
-- severity: medium
-- kind: exception
-- fix: Mend what it covered, or have it approved anew with a new end; then remove the old entry
-- about: An exception holds until the day it names. What it covered counts again from the day after.
-- controls: NIST 800-53 CM-8(6); CSA CCC-08; ISO 27001 5.36
SELECT
    'exception:' || exception_id AS subject,
    exception_id || ' ended on ' || expires || ' and covers '
        || CASE hits WHEN 0 THEN 'nothing any more' ELSE hits || ' findings, which count again' END AS message,
    CASE WHEN hits = 0 THEN 'info' END AS severity,
    owner,
    to_json({'file': file, 'covers': covers, 'reason': reason, 'approver': approver, 'ticket': ticket}) AS evidence
FROM exception
WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND expired
