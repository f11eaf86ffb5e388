#!/bin/sh
# The arguments of `timbre run` for a run of the workflow `pipeline`, out of EVENT and the inputs ASKED_…: 100 songs after a
# change of main, all by night, by hand what was asked. Inputs are others' words, so only what a name may hold goes on.
set -eu
refuse() {
  echo "$1 is not what it should be" >&2
  exit 2
}
case ${EVENT:-} in
  push) echo "--max-songs 100" ;;
  workflow_dispatch)
    set --
    if [ -n "${ASKED_MAX_SONGS:-}" ]; then
      case $ASKED_MAX_SONGS in *[!0-9]*) refuse max_songs ;; esac
      set -- "$@" --max-songs "$ASKED_MAX_SONGS"
    fi
    if [ -n "${ASKED_USER:-}" ]; then
      case $ASKED_USER in -* | *[!A-Za-z0-9_-]*) refuse user ;; esac
      set -- "$@" --user "$ASKED_USER"
    fi
    if [ "${ASKED_SKIP_AOTY:-}" = true ]; then set -- "$@" --skip-aoty; fi
    if [ "${ASKED_DRY_RUN:-}" = true ]; then set -- "$@" --dry-run; fi
    echo "$*"
    ;;
esac
