# The whole of timbre_spider, for a run, a worker, the service or the sandbox: `docker run IMAGE run --max-songs 500`.
# Another BASE must have python3 with venv; `deploy/build_and_try.sh` builds it on a bare Debian, without a daemon.
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
WORKDIR /src
RUN python3 -m venv /opt/timbre
ENV PATH=/opt/timbre/bin:$PATH
COPY requirements.txt requirements-dev.txt ./
RUN pip install --no-cache-dir --no-compile --disable-pip-version-check -r requirements.txt
COPY pyproject.toml README.md LICENSE MANIFEST.in ./
COPY sql ./sql
COPY timbre_spider ./timbre_spider
COPY timbre_sandbox ./timbre_sandbox
RUN pip install --no-cache-dir --no-compile --disable-pip-version-check --constraint requirements-dev.txt ".[redis,parquet,warc,xlsx,service]"
COPY deploy/slim.sh deploy/healthy.py /opt/timbre/
RUN /opt/timbre/slim.sh /opt/timbre

FROM ${BASE}
# tini is process 1: it hands signals on from the first moment, which Python would sleep through while it loads, and buries
# the children of the embedded Postgres. Its version is the base's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && useradd --uid 10001 --create-home timbre \
    && mkdir -p /app/data /app/logs /app/exports \
    && chown -R timbre /app
COPY --from=build /opt/timbre /opt/timbre
COPY scrapy.cfg /app/
ENV PATH=/opt/timbre/bin:$PATH \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001
VOLUME ["/app/data", "/app/logs", "/app/exports"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python3", "/opt/timbre/healthy.py"]
ENTRYPOINT ["tini", "--", "timbre"]
CMD ["run"]

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="timbre_spider" \
      org.opencontainers.image.description="A listener's whole music history as a clean, canonical, enriched table of songs in Postgres" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
