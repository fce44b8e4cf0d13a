"""Where settings become edges and edges meet the flow; the only place that knows them all.

    settings ─▶ sources, records ─▶ conversation, duties, web ─▶ service: runs until it is stopped

Also the only place that reads the machine's clock and throws its dice (`machine`).
"""
