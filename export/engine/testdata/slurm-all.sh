#!/bin/bash
# Run 5d41402abc4b2a76b9719d911017c592 of lvtool as an array job of Slurm: 8 shards, a task each.
#   sbatch FILE                    all shards
#   sbatch --array=3,7-9 FILE      those that "lvtool batch status" calls missing
# Numbers in an array end below MaxArraySize of slurm.conf, 1001 unless it says
# otherwise. Beyond that, submit parts:
#   LVTOOL_FIRST_SHARD=1000 sbatch --array=0-999 FILE
# Shards that are done stay done, however often they are submitted.
#SBATCH --job-name=lvtool-5d41402abc4b
#SBATCH --array=0-7%100
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=1280M
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
#SBATCH --open-mode=append
#SBATCH --partition=main
#SBATCH --account=audit
#SBATCH --time=90
#SBATCH --output=/shared/log/%A_%a.out
set -u
export AWS_REGION='eu-central-1'
export GOMEMLIMIT=1152MiB

retries=5
shard=$((SLURM_ARRAY_TASK_ID + ${LVTOOL_FIRST_SHARD:-0}))
printf 'shard %d, attempt %d, on %s\n' "$shard" "$((${SLURM_RESTART_COUNT:-0} + 1))" "${SLURMD_NODENAME:-?}"

# Slurm signals this script alone, a minute before the time is up; the worker
# ends within 25 seconds.
'/opt/lv tool/lvtool' batch work --plan '/shared/run'\''s/plan.json' --shard "$shard" --jobs 4 --quiet &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null' TERM INT
wait "$worker"
status=$?
while [[ $status -gt 128 ]] && kill -0 "$worker" 2>/dev/null; do # the wait was interrupted
  wait "$worker"
  status=$?
done

case $status in
0) exit 0 ;;
64 | 65) # options, environment or data are wrong: another attempt cannot help
  printf 'shard %d failed for good: exit code %d\n' "$shard" "$status"
  exit "$status"
  ;;
esac
# Stopped, throttled or crashed. Slurm puts what a lost node was doing into the
# queue again, but nothing that failed. Who cancelled the job wants no other
# attempt; it is not running any more then.
if [[ ${SLURM_RESTART_COUNT:-0} -ge $retries ]]; then
  printf 'shard %d failed %d times: exit code %d\n' "$shard" "$((${SLURM_RESTART_COUNT:-0} + 1))" "$status"
elif [[ $(squeue --noheader --format=%T --jobs="$SLURM_JOB_ID" 2>/dev/null) == RUNNING ]]; then
  printf 'shard %d: exit code %d, to be tried again\n' "$shard" "$status"
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
