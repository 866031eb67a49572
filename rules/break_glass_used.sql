-- title: A break-glass role wrote inside its window
-- severity: info
-- kind: sight
-- fix: Put what was changed into code, and close the ticket
-- about: It was allowed, and it still changed things that no code knows of.
-- controls: NIST 800-53 AC-2(12), AU-6; SOC 2 CC8.1; ISO 27001 8.2
SELECT
    'break_glass_used:' || account_id || ':' || glass.ticket || ':' || who AS subject,
    any_value(account_id) AS account_id,
    any_value(who) AS creator,
    arg_max(channel, (event_time, event_id)) AS channel,
    any_value(who) || ' wrote ' || count(*) || ' times under ' || glass.ticket || ', approved by '
        || any_value(glass.approver) || ', from ' || strftime(min(event_time), '%Y-%m-%d %H:%M')
        || ' to ' || strftime(max(event_time), '%Y-%m-%d %H:%M') AS message,
    to_json({
        'ticket': glass.ticket, 'approver': any_value(glass.approver),
        'events': list_slice(list(event_name || ' ' || event_id ORDER BY event_time, event_id), 1, 50)
    }) AS evidence
FROM (SELECT *, coalesce(session_issuer, principal) AS who FROM event WHERE error_code IS NULL) AS used
JOIN write_policy AS glass
    ON glass.kind = 'break_glass' AND used.who GLOB glass.role
    AND used.event_time BETWEEN glass.starts AND glass.ends
GROUP BY account_id, glass.ticket, who
