#!/usr/bin/env bash
# Runs an Indexed Job of lvtool on a real Kubernetes of one node, and disturbs it:
# a worker killed, a pod deleted, another deleted by force, and a shard whose data
# are damaged. Then all sessions must be there, once each, byte for byte those of
# one machine. Needs root, LVTOOL_SHARED (else ../shared) and the programs of
# Kubernetes, which `k8s-up.sh build` makes.
#
#   internal/engines/kubernetes.sh [LOG]     writes LOG too, if it is named
#
# The caller may set:
#   K8S_BIN=DIR     the programs of Kubernetes
#   SESSIONS=400    how many, in 8 shards
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if [[ ! -x ${K8S_BIN:=${LVTOOL_WORK:-.work}/k8s/bin}/kube-apiserver ]]; then
  printf 'skipped: no programs of Kubernetes in %s\n' "$K8S_BIN"
  exit 0
fi
K8S_BIN=$(cd "$K8S_BIN" && pwd)
export K8S_BIN
up=$(cd "${LVTOOL_SHARED:-../shared}/tools" && pwd)/k8s-up.sh
sessions=${SESSIONS:-400}
shards=8
poisoned=6
work=$(mktemp -d -t lvk8s-XXXXXX) # short: there are sockets in it
log=${1:-$work/log}
log=$(realpath "$log")
: >"$log"

say() { printf '%s %s\n' "$(date +%T)" "$*" | tee -a "$log"; }
fail() {
  say "FAILED: $*"
  exit 1
}

# Ends what was started, whatever happened.
finish() {
  local status=$?
  set +e
  bash "$up" stop "$work" >>"$log" 2>&1
  if [[ -n ${watcher:-} ]]; then
    kill "$watcher" 2>/dev/null
  fi
  if [[ -n ${server:-} ]]; then
    exec {keep}>&-
    wait "$server"
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The S3 server is that of the end-to-end tests. It ends with its standard input.
start_s3() {
  (cd internal/e2e && go test -c -o "$work/server" .)
  port=$((20000 + RANDOM % 10000))
  mkdir -p "$work/s3"
  mkfifo "$work/fifo"
  LVTOOL_E2E_S3_DIR=$work/s3 LVTOOL_E2E_S3_ADDRESS=127.0.0.1:$port "$work/server" <"$work/fifo" >"$work/s3.log" 2>&1 &
  server=$!
  exec {keep}>"$work/fifo"
  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
  export AWS_ACCESS_KEY_ID=root AWS_SECRET_ACCESS_KEY=rootsecret
  for _ in $(seq 200); do
    if curl -sf "$AWS_ENDPOINT_URL_S3/health" >/dev/null; then
      curl -sf -X PUT -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 "aws:amz:$AWS_REGION:s3" --user root:rootsecret \
        "$AWS_ENDPOINT_URL_S3/evidence"
      return
    fi
    sleep .1
  done
  fail "the S3 server did not start: $(cat "$work/s3.log")"
}

# The run lies in S3, and S3 in files, so that it can be looked at and damaged.
run=$work/s3/data/evidence/run

# status LINE prints what the job says of itself.
status() { kubectl get job "$job" -o jsonpath="{.status.$1}"; }

# running prints the pods that run, with their shards, one a line.
running() {
  kubectl get pods -l "job-name=$job" --field-selector=status.phase=Running \
    -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.annotations.batch\.kubernetes\.io/job-completion-index}{"\n"}{end}'
}

# victim waits for a pod that works, on another shard than those given, and that
# is to end by itself.
victim() {
  local name shard
  for _ in $(seq 600); do
    while read -r name shard; do
      if [[ -n $shard && " $* " != *" $shard "* && $shard != "$poisoned" && -n $(worker "$name") ]]; then
        printf '%s %s\n' "$name" "$shard"
        return
      fi
    done < <(running)
    sleep .1
  done
  fail "no pod to disturb"
}

# worker prints the id of the process of a pod.
worker() {
  local id
  id=$(kubectl get pod "$1" -o jsonpath='{.status.containerStatuses[0].containerID}')
  containers tasks list | awk -v id="${id#containerd://}" '$1 == id && $3 == "RUNNING" { print $2 }'
}

containers() { ctr -a "$work/k8s/ctrd/c.sock" -n k8s.io "$@"; }

# What becomes of a pod, for those that are gone in the end.
watch_pods() {
  kubectl get pods -l "job-name=$job" --watch --no-headers \
    -o 'custom-columns=NAME:.metadata.name,CODE:.status.containerStatuses[0].state.terminated.exitCode' >"$work/watch" 2>&1 &
  watcher=$!
}

disturb() {
  local name shard done=()
  read -r name shard < <(victim)
  kill -9 "$(worker "$name")"
  say "shard $shard: kill -9 of the container's process in $name"
  done+=("$shard")
  read -r name shard < <(victim "${done[@]}")
  kubectl delete pod "$name" --wait=false >>"$log"
  say "shard $shard: pod $name deleted"
  deleted=$name
  done+=("$shard")
  read -r name shard < <(victim "${done[@]}")
  kubectl delete pod "$name" --grace-period=0 --force --wait=false >>"$log" 2>&1
  say "shard $shard: pod $name deleted by force"
}

# ended waits for the end of the job.
ended() {
  for _ in $(seq 1200); do
    [[ $(kubectl get job "$job" -o jsonpath='{.status.conditions[*].type}') == *@(Complete|Failed)* ]] && return
    sleep .5
  done
  fail "the job does not end"
}

# Every session is in one shard, and its files are those of one machine.
compare() {
  "$work/lvtool" convert -q -o "$work/clean" s3://evidence/in/
  (cd "$work/clean" && find . -mindepth 2 -type f | sort | xargs sha256sum) >"$work/want"
  (cd "$run/sessions" && find . -type f | sed 's,^\./[0-9]*/,,' | sort | uniq -d) >"$work/twice"
  [[ ! -s $work/twice ]] || fail "files of two shards: $(head -3 "$work/twice")"
  mkdir "$work/flat"
  cp -r "$run"/sessions/*/* "$work/flat"
  (cd "$work/flat" && find . -mindepth 2 -type f | sort | xargs sha256sum) >"$work/got"
  cmp "$work/want" "$work/got" || fail "other bytes than one machine makes"
  say "$(find "$work/flat" -mindepth 1 -maxdepth 1 | wc -l) of $sessions sessions, $(wc -l <"$work/got") files, byte for byte those of one machine"
}

CGO_ENABLED=0 go build -trimpath -o "$work/lvtool" ./cmd/lvtool
start_s3
say "the S3 server runs"
bash "$up" start "$work" >>"$log" 2>&1 || fail "Kubernetes did not start: $(tail -5 "$log")"
# shellcheck disable=SC1091 # made just now
. "$work/k8s/env.sh"
say "$(kubectl version 2>/dev/null | tr '\n' ' ')"

"$work/lvtool" batch image --name localhost/lvtool:dev -o "$work/image.tar" >>"$log"
containers images import "$work/image.tar" >>"$log"
say "image imported"

mkdir "$work/in"
for i in $(seq "$sessions"); do
  sed "s/0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90/$(printf '00000000-0000-4000-8000-%012d' "$i")/" \
    samples/session.json >"$(printf '%s/in/%04d.json' "$work" "$i")"
done
mkdir -p "$work/s3/data/evidence/in"
cp "$work"/in/* "$work/s3/data/evidence/in/"
"$work/lvtool" batch plan --shards $shards -o s3://evidence/run/ s3://evidence/in/ | tee -a "$log"
damaged=$run/shards/0000$poisoned.jsonl
cp "$damaged" "$work/whole"
sed -i 's/evidence/evidenve/' "$damaged" # the plan has another digest
say "shard $poisoned is damaged"

job=lvtool-test
plan=(--plan s3://evidence/run/plan.json --name "$job" --image localhost/lvtool:dev --parallelism 3 --max-failed 2
  --secret aws --env "AWS_REGION=$AWS_REGION" --env "AWS_ENDPOINT_URL_S3=$AWS_ENDPOINT_URL_S3"
  --env AWS_EC2_METADATA_DISABLED=true)
"$work/lvtool" batch manifest kubernetes "${plan[@]}" >"$work/job.yaml"
kubectl apply --dry-run=server -f "$work/job.yaml" | tee -a "$log"
kubectl create secret generic aws --from-literal=AWS_ACCESS_KEY_ID=root --from-literal=AWS_SECRET_ACCESS_KEY=rootsecret >>"$log"
# This cluster has no network of pods and pulls no images. Its processors are
# shared with everything else.
kubectl patch --local -f "$work/job.yaml" -o yaml -p '{"spec":{"template":{"spec":{"hostNetwork":true,"containers":[
  {"name":"lvtool","imagePullPolicy":"Never","resources":{"requests":{"cpu":"100m"}}}]}}}}' >"$work/patched.yaml"
kubectl apply -f "$work/patched.yaml" | tee -a "$log"
watch_pods
disturb
ended
kill "$watcher"
code=$(awk -v pod="$deleted" '$1 == pod && $2 != "<none>" { code = $2 } END { print code }' "$work/watch")
say "the worker of $deleted ended with exit code ${code:-?}"
[[ $code == 75 ]] || fail "exit code of the deleted pod: got ${code:-none}, want 75"
say "completed: $(status completedIndexes), failed: $(status failedIndexes)," \
  "pods succeeded $(status succeeded), failed $(status failed)"
kubectl get pods -l "job-name=$job" -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.annotations.batch\.kubernetes\.io/job-completion-index} {.status.phase} {.status.containerStatuses[0].state.terminated.exitCode} {.status.containerStatuses[0].state.terminated.reason}{"\n"}{end}' | tee -a "$log"
[[ $(status failedIndexes) == "$poisoned" ]] || fail "failed indexes: got $(status failedIndexes), want $poisoned"
"$work/lvtool" batch status s3://evidence/run/ | tee -a "$log"

# What was damaged is mended, and the same job again does what is left.
cp "$work/whole" "$damaged"
say "shard $poisoned is mended"
kubectl delete job "$job" --cascade=foreground >>"$log"
kubectl apply -f "$work/patched.yaml" | tee -a "$log"
ended
say "completed: $(status completedIndexes), failed: $(status failedIndexes)"
[[ $(status succeeded) == "$shards" ]] || fail "not all shards are done"
"$work/lvtool" batch merge s3://evidence/run/ | tee -a "$log"
compare
say "passed"
