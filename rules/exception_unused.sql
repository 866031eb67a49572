-- title: An exception that covers nothing
-- severity: info
-- kind: exception
-- fix: Remove it; an entry that waits for something to cover is a hole nobody looks at
-- about: What it covered is gone, or its globs never fitted.
-- controls: NIST 800-53 CM-8(6); CSA CCC-08
SELECT
    'exception:' || exception_id AS subject,
    exception_id || ' covers nothing in this scan: ' || covers AS message,
    owner,
    to_json({'file': file, 'covers': covers, 'expires': expires, 'ticket': ticket}) AS evidence
FROM exception
WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND NOT expired AND hits = 0
