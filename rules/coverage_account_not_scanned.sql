-- title: An account that could not be entered
-- severity: high
-- kind: sight
-- fix: Give the account the scanner's role (deploy/cloudformation/member-role.yaml), or exclude it with exclude_accounts
-- about: Nothing is known of what is in it.
-- controls: NIST 800-53 CM-8(2); CIS 1.1; ISO 27001 5.9
SELECT
    'account:' || account_id AS subject,
    'account ' || account_id || coalesce(' (' || name || ')', '') || ' was not scanned: ' || coalesce(message, outcome) AS message,
    account_id,
    to_json({'outcome': outcome, 'role': role_arn, 'organizational_unit': organizational_unit}) AS evidence
FROM account
WHERE scan_id = (SELECT max(scan_id) FROM visible_scan) AND outcome <> 'ok'
