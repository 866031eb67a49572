-- title: Missing by source
-- about: What a state or stack claims and AWS no longer has, per source, with the addresses.
SELECT
    source_kind, source_id, count(*) AS missing,
    string_agg(address, ', ' ORDER BY address) AS addresses
FROM claims
WHERE state = 'missing' AND NOT inline AND source_kind <> 'tag'
GROUP BY ALL
ORDER BY missing DESC, source_id;
