-- title: Cross-checks
-- about: What AWS Config, Resource Explorer or CloudFormation's resource scans count per account and
--   type ([scan] cross_check), how many of them were not scanned, and how many the scans hold.
SELECT source, account_id, counted_type, resources, not_scanned, listed
FROM cross_checked
ORDER BY not_scanned DESC, source, account_id, counted_type;
