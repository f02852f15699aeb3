#!/usr/bin/env bash
# Measures what a second machine is worth: a Slurm of two nodes, each held to a
# processor of its own of this machine, does the same run on one node and on both,
# in turn. Needs two processors, Slurm, and LVTOOL_SHARED (else ../shared).
#
# By the clock, the machine must have nothing else to do. By processor time, it
# says how many times as fast two would be if each had its processor to itself:
# what they lose to each other is in it, and what others take is not.
#
#   internal/engines/two-nodes.sh [ROUNDS [SESSIONS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rounds=${1:-5}
sessions=${2:-160}
up=$(cd "${LVTOOL_SHARED:-../shared}/tools" && pwd)/slurm-up.sh
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d -t lvtwo-XXXXXX) # short: there are sockets in it
finish() {
  local status=$?
  set +e
  bash "$up" stop "$work" >/dev/null 2>&1
  rm -rf "$work" "${scratch:?}"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
scratch=$work/run
if [[ -w /dev/shm ]]; then scratch=$(mktemp -d -p /dev/shm lvtwo-XXXXXX); fi

# The nodes' daemons are held to a processor each, and so is what they start.
mkdir "$work/programs"
cat >"$work/programs/slurmd" <<END
#!/bin/bash
case "\$*" in *n1) cpu=0 ;; *) cpu=1 ;; esac
exec taskset -c \$cpu $(command -v slurmd) "\$@"
END
chmod +x "$work/programs/slurmd"
CGO_ENABLED=0 go build -trimpath -o "$work/lvtool" ./cmd/lvtool
# Its own processor time, of every worker.
cat >"$work/programs/timed" <<END
#!/bin/bash
TIMEFORMAT='%U %S'
{ time "$work/lvtool" "\$@" 2>&3; } 3>&2 2>>"$work/cpu"
END
chmod +x "$work/programs/timed"
port=$((20000 + RANDOM % 10000))
export SLURM_CTLD_PORT=$port SLURM_NODE_PORT=$((port + 1)) SLURM_NODE_CPUS=1
PATH=$work/programs:$PATH bash "$up" start "$work" >"$work/up.log" 2>&1
# shellcheck disable=SC1091 # made just now
. "$work/slurm/env.sh"

mkdir -p "$scratch/in"
for i in $(seq "$sessions"); do
  sed "s/0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90/$(printf '00000000-0000-4000-8000-%012d' "$i")/" \
    samples/session.json >"$(printf '%s/in/%04d.json' "$scratch" "$i")"
done

# measure [NODE] prints the seconds from the first task's begin to the last marker,
# and those of processor time.
measure() {
  : >"$work/cpu"
  rm -rf "$scratch/run" "$scratch"/*.out
  "$work/lvtool" batch plan --shards 4 -o "$scratch/run" "$scratch/in" >/dev/null
  "$work/lvtool" batch manifest slurm --plan "$scratch/run/plan.json" --program "$work/programs/timed" \
    --log "$scratch" >"$work/job.sh"
  sbatch --wait ${1:+"--nodelist=$1"} "$work/job.sh" >/dev/null
  "$work/lvtool" batch merge "$scratch/run" >/dev/null
  { stat -c %.9W "$scratch"/*.out | sort -n | head -1; stat -c %.9Y "$scratch"/run/done/* | sort -n | tail -1; } |
    awk 'NR == 1 { from = $1 } NR == 2 { print $1 - from }'
  awk '{ s += $1 + $2 } END { print s }' "$work/cpu"
}

for round in $(seq "$rounds"); do
  mapfile -t one < <(measure n1)
  mapfile -t two < <(measure)
  printf '%s\n' "$round ${one[*]} ${two[*]}" | awk '{
    printf "round %d: one node %.2f s (%.2f s of processor), two %.2f s (%.2f s): ", $1, $2, $3, $4, $5
    printf "%.2f times by the clock, %.2f by processor time\n", $2 / $4, 2 * $3 / $5
  }'
done
