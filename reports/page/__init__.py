"""The parts of the HTML page: packed data, drawer details, charts, ledgers, assets."""
