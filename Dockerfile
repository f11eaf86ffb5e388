FROM python:3.11-slim

# The embedded Postgres runs as a user of its own; the crawl needs no root.
RUN useradd --create-home timbre
WORKDIR /app

COPY requirements.txt requirements-dev.txt ./
RUN pip install --no-cache-dir -r requirements.txt

COPY pyproject.toml README.md LICENSE MANIFEST.in scrapy.cfg scrapyd.conf ./
COPY sql ./sql
COPY timbre_spider ./timbre_spider
COPY timbre_sandbox ./timbre_sandbox
RUN pip install --no-cache-dir --constraint requirements-dev.txt ".[redis,parquet]" \
    && mkdir data logs exports && chown -R timbre data logs exports

USER timbre
VOLUME ["/app/data", "/app/logs", "/app/exports"]
ENTRYPOINT ["timbre"]
CMD ["run"]
