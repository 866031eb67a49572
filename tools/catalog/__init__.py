"""The catalog's generator: botocore's models and a few lists in, `scanner/catalog/generated/` out.

It lives outside the wheel: it reads botocore's models directly (in `scanner` only `scanner.aws`
may) and needs data that no user of Strays does. What users need is what it writes.
`make catalog` runs it.
"""
