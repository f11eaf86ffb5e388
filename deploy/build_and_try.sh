#!/usr/bin/env bash
# Builds the image on a bare Debian and tries it, without a daemon: with buildah, debootstrap and util-linux, as root.
#
#     deploy/build_and_try.sh [FOLDER]      (base and images are kept there, some 2 GB; default /var/tmp/timbre-image)
#
# Tried are: size, read-only root, an ordinary user, how soon the first song is stored, a stop by SIGTERM, a folder that
# belongs to somebody else, health. pip is configured in the build as it is here; SHARE names folders that its
# configuration refers to, if any.
set -euo pipefail
# In a mount namespace of its own, so that nothing stays mounted.
[ -n "${ALONE:-}" ] || exec env ALONE=1 unshare --mount --propagation private "$0" "$@"
folder=${1:-/var/tmp/timbre-image}
checkout=$(cd "$(dirname "$0")/.." && pwd)
base=$folder/base
mkdir -p "$folder"
buildah() { command buildah --root "$folder/store" --runroot "$folder/run" "$@"; }
say() { echo "== $*"; }

# --- build ------------------------------------------------------------------------------------------------------------
if [ ! -e "$base/.complete" ]; then
  say "a bare Debian with Python"
  rm -rf "$base"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates trixie "$base" > "$folder/debootstrap.log"
  # What slim images leave out, too.
  rm -rf "$base"/usr/share/{doc,man,info,locale,lintian} "$base"/var/lib/apt/lists/* "$base"/var/cache/apt/*.bin \
    "$base"/var/cache/apt/archives/*.deb
  touch "$base/.complete"
fi
if ! buildah inspect --type image localhost/base > /dev/null 2>&1; then
  from=$(buildah from scratch)
  buildah add --quiet "$from" "$base" / > /dev/null
  buildah commit --quiet --rm "$from" localhost/base > /dev/null
fi
mounts=()
for path in /etc/pip.conf /etc/xdg/pip /etc/ssl/certs/ca-certificates.crt ${SHARE:-}; do
  if [ -e "$path" ]; then mounts+=(--volume "$path:$path:ro"); fi
done
say "the image"
SECONDS=0
buildah build --isolation chroot --layers --format docker --build-arg BASE=localhost/base "${mounts[@]}" \
  --tag localhost/timbre-spider "$checkout" > "$folder/build.log" 2>&1 || { tail -30 "$folder/build.log"; exit 1; }
echo "built in $SECONDS s"

# --- try --------------------------------------------------------------------------------------------------------------
of_image() { buildah inspect --type image --format "{{$1}}" localhost/timbre-spider; }
buildah images --format 'size: {{.Size}}' localhost/timbre-spider
from=$(buildah from localhost/timbre-spider)
root=$(buildah mount "$from")
trap 'buildah rm "$from" > /dev/null' EXIT
user=$(of_image .OCIv1.Config.User)
volumes=$folder/volumes

# shellcheck disable=SC2016  # what is in single quotes is for the shell within
# container COMMAND…: as a daemon would run it with a read-only root, no network, and volumes for what it keeps.
container() {
  ROOT=$root USER_=$user VOLUMES=$volumes unshare --mount --net --pid --fork --kill-child --propagation private bash -euc '
    ip link set lo up
    mount --bind "$ROOT" "$ROOT"
    mount -o remount,bind,ro "$ROOT"
    mount -t proc proc "$ROOT/proc"
    mount --rbind /dev "$ROOT/dev"
    mount -t tmpfs tmpfs "$ROOT/tmp"
    for name in data logs exports; do mount --bind "$VOLUMES/$name" "$ROOT/app/$name"; done
    cd "$ROOT/app"
    exec chroot --userspec="$USER_:$USER_" "$ROOT" env -i PATH=/opt/timbre/bin:/usr/bin:/bin HOME=/home/timbre \
      PYTHONUNBUFFERED=1 sh -c "cd /app && exec \"\$@\"" sh "$@"' container "$@"
}
afresh() {
  rm -rf "$volumes"
  mkdir -p "$volumes"/{data,logs,exports}
  chown -R "$user:$user" "$volumes"
}
fail() { echo "FAILED: $*"; exit 1; }

say "the image is what it should be"
test "$(of_image .OCIv1.Config.Entrypoint)" = '[tini -- timbre]' || fail "entry point"
[[ $user =~ ^[1-9][0-9]*$ ]] || fail "it runs as root"
afresh
container touch /opt/timbre/x 2> /dev/null && fail "its root can be written"
container tini -- timbre --version

say "a run in the sandbox, and the first song"
afresh
began=$(date +%s.%N)
container tini -- timbre run --sandbox --max-songs 50 > "$folder/run.log" || { cat "$folder/run.log"; fail "the run"; }
grep -E 'songs stored|seconds' "$folder/run.log"
first=$(container tini -- timbre db shell -- -Atc 'SELECT extract(epoch FROM min(created_at)) FROM songs' 2> /dev/null | tail -1)
container tini -- timbre export --to exports/songs.parquet | tail -1
awk -v first="$first" -v began="$began" 'BEGIN { printf "first song stored %.1f s after the start\n", first - began }'

say "a stop by SIGTERM, as of a daemon's to process 1"
afresh
container tini -- timbre run --sandbox --max-songs 5000 > "$folder/stop.log" 2>&1 &
until pid=$(pgrep -f '^tini -- timbre run --sandbox --max-songs 5000' | head -1) && [ -n "$pid" ]; do sleep 0.2; done
until grep -q 'of 5,000 songs' "$folder/stop.log"; do sleep 0.2; done
SECONDS=0
kill -TERM "$pid"
status=0
wait %1 || status=$?
[ "$status" = 1 ] || fail "a stopped run ends with $status"
echo "ended with $status after $SECONDS s: $(grep -i stopped "$folder/stop.log" | tail -1)"
grep -q 'start it again' "$folder/stop.log" || { tail -5 "$folder/stop.log"; fail "the run was not told to stop"; }

say "a folder of somebody else's"
afresh
chown 0:0 "$volumes/logs"
container tini -- timbre run --sandbox --max-songs 50 > "$folder/strange.log" 2>&1 && fail "it says nothing"
test "$(wc -l < "$folder/strange.log")" = 1 || { cat "$folder/strange.log"; fail "it is no one line"; }
grep 'LOGS_DIR' "$folder/strange.log"

say "the service, and its health"
afresh
token=$(head -c 24 /dev/urandom | base64)
container env "API_TOKEN=$token" tini -- timbre serve --host 0.0.0.0 --port 8000 > "$folder/serve.log" 2>&1 &
until pid=$(pgrep -f '^tini -- timbre serve --host' | head -1) && [ -n "$pid" ]; do sleep 0.2; done
healthy() {
  nsenter --target "$pid" --mount --net --pid --root env "API_TOKEN=$1" /opt/timbre/bin/python3 /opt/timbre/healthy.py
}
for try in $(seq 60); do
  if healthy "$token" 2> /dev/null; then break; fi
  [ "$try" -lt 60 ] || { cat "$folder/serve.log"; fail "the service is not well"; }
  sleep 1
done
if healthy "not $token" 2> /dev/null; then fail "anybody may ask"; fi
kill -TERM "$pid"
wait || true
echo "all is well"
