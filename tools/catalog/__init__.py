"""The catalog's generator: botocore's models and a few lists in, `scanner/catalog/generated/` out.

It lives outside the wheel. It reads botocore's models directly (in `scanner` only `scanner.aws` may)
and needs development data that no user of Strays needs; what users need is what it writes.
`make catalog` runs it.
"""
