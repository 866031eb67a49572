// The filtered rows as CSV: safe in a spreadsheet, with the columns of `csv://`.

const CSV = ["finding_id", "severity", "state", "status", "rule_id", "name", "resource_id", "arn", "resource_type",
  "account_id", "region", "environment", "owner", "creator", "dependents", "message", "first_seen", "last_seen"];
const FORMULA = /^[\s\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function csv(findings, rows) {
  const lines = [CSV.join(",")];
  for (const row of rows) lines.push(CSV.map((key) => csvCell(key, findings.value(key, row))).join(","));
  return lines.join("\r\n") + "\r\n";
}

function csvCell(key, value) {
  if (value == null) return "";
  if (key.endsWith("_seen")) return new Date(value * 1000).toISOString();
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
