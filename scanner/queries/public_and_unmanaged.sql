-- title: Public and unmanaged
-- about: Strays that their own properties show as open to the world (public addresses, public flags,
--   rules for 0.0.0.0/0 or ::/0, policies for everyone). Properties that a listing does not give
--   cannot tell: what is not here may be public all the same.
SELECT
    resource_type, coalesce(name, resource_id) AS name, account_id, region, environment,
    CASE
        WHEN properties::VARCHAR LIKE '%0.0.0.0/0%' OR properties::VARCHAR LIKE '%::/0%' THEN 'from or to any address'
        WHEN regexp_matches(properties::VARCHAR, '"(PubliclyAccessible|IsPublic|Public)" *: *(true|"true")') THEN 'a public flag'
        WHEN regexp_matches(properties::VARCHAR, '"Scheme" *: *"internet-facing"') THEN 'internet-facing'
        WHEN regexp_matches(properties::VARCHAR, '"PublicIp(Address)?" *: *"') THEN 'a public address'
        ELSE 'a policy for everyone'
    END AS because,
    arn
FROM inventory
WHERE status = 'unmanaged'
    AND regexp_matches(
        properties::VARCHAR,
        '0\.0\.0\.0/0|::/0|"(PubliclyAccessible|IsPublic|Public)" *: *(true|"true")'
        || '|"Scheme" *: *"internet-facing"|"PublicIp(Address)?" *: *"'
        || '|"Principal" *: *("\*"|\{ *"AWS" *: *"\*")|AllUsers'
    )
ORDER BY because, resource_type, account_id, arn;
