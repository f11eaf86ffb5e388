"""One package an outside service: how to ask, how to read the answer. No database, no Scrapy engine."""
