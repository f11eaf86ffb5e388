#!/usr/bin/env bash
# Tries the README's two commands on a bare Debian, which has python3, python3-venv and make and nothing else: as root
# in root's own home under umask 077, as an ordinary user, and in a path with a space; no folder may change its mode.
# By hand, as root, where debootstrap is installed (FOLDER keeps the systems for the next time):
#
#     tests/bare_machine.sh bookworm|trixie|testing [FOLDER]
#
# pip is configured as it is here; SHARE names the folders its configuration refers to, if any. TESTS picks the tests.
set -euo pipefail
# In a mount namespace of its own, so that nothing stays mounted.
[ -n "${ALONE:-}" ] || exec env ALONE=1 unshare --mount --propagation private "$0" "$@"
suite=$1
system=${2:-/var/tmp/timbre-bare}/$suite
checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)

if [ ! -x "$system/usr/bin/make" ]; then
  debootstrap --variant=minbase --include=python3,python3-venv,make "$suite" "$system"
fi
mount -t proc proc "$system/proc"
mount --rbind /dev "$system/dev"
for file in /etc/resolv.conf /etc/pip.conf /etc/xdg/pip/pip.conf /etc/ssl/certs/ca-certificates.crt; do
  if [ -e "$file" ]; then install -D --mode=644 "$file" "$system$file"; fi
done
for folder in ${SHARE:-}; do
  mkdir -p "$system$folder"
  mount --bind "$folder" "$system$folder"
done
chroot "$system" id listener > /dev/null 2>&1 || chroot "$system" useradd --create-home listener

modes() {
  local folder=$1
  while [ "$folder" != / ]; do
    stat --format='%a %U %n' "$system$folder"
    folder=$(dirname "$folder")
  done
}

# attempt USER HOME UMASK FOLDER
attempt() {
  inside() {
    chroot "$system" setpriv --reuid="$1" --regid="$1" --init-groups env HOME="$2" LANG=C.UTF-8 \
      PATH=/usr/local/bin:/usr/bin:/bin bash -c "umask $3; $5"
  }
  rm -rf "${system:?}$4"
  inside "$@" "mkdir -p '$4'"
  git -C "$checkout" archive HEAD | inside "$@" "tar x --no-same-owner --no-same-permissions -C '$4'"
  local before
  before=$(modes "$4")
  for command in 'make run ARGS="--max-songs 200"' "make test ARGS='${TESTS:--m unit}'"; do
    echo "== $suite, $1 in $4, umask $3: $command"
    SECONDS=0
    inside "$@" "cd '$4' && $command"
    echo "== done in $SECONDS s"
  done
  diff <(echo "$before") <(modes "$4")
}

attempt root /root 077 /root/timbre
attempt listener /home/listener 022 /home/listener/timbre
attempt listener /home/listener 077 '/home/listener/my music/timbre'
