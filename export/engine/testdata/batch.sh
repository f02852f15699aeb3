#!/bin/sh
# Run 5d41402abc4b2a76b9719d911017c592 of lvtool on AWS Batch: 8 shards, a child of an array job each.
# Registers the job definition, submits the job, and prints its id.
#   aws batch list-jobs --array-job-id ID --job-status FAILED
# An array cannot have gaps: to do again what failed, submit all once more, or the
# smaller plan that "lvtool batch plan --resume" makes of it.
# Shards that are done stay done.
set -eu

definition=$(aws batch register-job-definition --query jobDefinitionArn --output text --cli-input-json '
{
  "jobDefinitionName": "lvtool-5d41402abc4b",
  "type": "container",
  "platformCapabilities": ["FARGATE"],
  "parameters": {"plan": "s3://BUCKET/RUN/plan.json"},
  "retryStrategy": {
    "attempts": 6,
    "evaluateOnExit": [
      {"onExitCode": "64", "action": "EXIT"},
      {"onExitCode": "65", "action": "EXIT"},
      {"onExitCode": "75", "action": "RETRY"},
      {"onReason": "*", "action": "RETRY"}
    ]
  },
  "timeout": {"attemptDurationSeconds": 86400},
  "containerProperties": {
    "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lvtool:1",
    "command": ["batch", "work", "--plan", "Ref::plan", "--jobs", "1", "--quiet"],
    "user": "65532:65532",
    "readonlyRootFilesystem": true,
    "jobRoleArn": "arn:aws:iam::123456789012:role/lvtool-task",
    "executionRoleArn": "arn:aws:iam::123456789012:role/lvtool-execution",
    "networkConfiguration": {"assignPublicIp": "DISABLED"},
    "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"},
    "environment": [
      {"name": "AWS_REGION", "value": "eu-central-1"},
      {"name": "GOMEMLIMIT", "value": "1843MiB"}
    ],
    "resourceRequirements": [
      {"type": "VCPU", "value": "1"},
      {"type": "MEMORY", "value": "2048"}
    ],
    "volumes": [{"name": "tmp"}],
    "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": false}]
  },
  "propagateTags": true,
  "tags": {"application": "lvtool"}
}
')

aws batch submit-job --query jobId --output text --job-definition "$definition" --cli-input-json '
{
  "jobName": "lvtool-5d41402abc4b",
  "jobQueue": "evidence",
  "jobDefinition": "lvtool-5d41402abc4b",
  "arrayProperties": {"size": 8},
  "parameters": {"plan": "s3://example-evidence/run-1/plan.json"},
  "tags": {"lvtool-run": "5d41402abc4b2a76b9719d911017c592"}
}
'
