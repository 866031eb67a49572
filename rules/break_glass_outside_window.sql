-- title: A break-glass role wrote outside its window
-- severity: critical
-- kind: intruder
-- fix: Treat it as an incident; end the role's sessions, find out who it was, and write the window down or undo what was done
-- about: A break-glass role is for emergencies that somebody approved, with a ticket and an end.
--   Outside of such a window nobody has a reason to use it.
-- controls: NIST 800-53 AC-2(12), AC-6(9); SOC 2 CC6.1; ISO 27001 8.2
WITH used AS (
    SELECT event.*, coalesce(session_issuer, principal) AS who FROM event WHERE error_code IS NULL
)
SELECT
    'break_glass:' || account_id || ':' || who || ':' || strftime(event_time, '%Y-%m-%d') AS subject,
    any_value(account_id) AS account_id,
    any_value(who) AS creator,
    arg_max(channel, (event_time, event_id)) AS channel,
    any_value(who) || ' wrote ' || count(*) || ' times outside of any window on '
        || strftime(any_value(event_time), '%Y-%m-%d') || ', as in '
        || arg_max(event_name, (event_time, event_id)) AS message,
    to_json({
        'first': min(event_time), 'last': max(event_time),
        'events': list_slice(list(event_name || ' ' || event_id ORDER BY event_time, event_id), 1, 20)
    }) AS evidence
FROM used
WHERE EXISTS (
        SELECT 1 FROM write_policy AS glass WHERE glass.kind = 'break_glass' AND used.who GLOB glass.role)
    AND NOT EXISTS (
        SELECT 1 FROM write_policy AS glass WHERE glass.kind = 'break_glass'
            AND used.who GLOB glass.role AND used.event_time BETWEEN glass.starts AND glass.ends)
GROUP BY account_id, who, strftime(event_time, '%Y-%m-%d')
