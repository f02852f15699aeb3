// Package engine writes what job engines need to work on a plan: the Indexed Job
// of Kubernetes, the job definition and the array job of AWS Batch, the array job
// of Slurm. It speaks to none of them: what it writes is for their own tools, and
// for people to read and keep.
//
// All of them do the same. A worker is told the plan and finds its shard in the
// environment; it says by its exit code whether another attempt makes sense.
// What it was told may come from anywhere, so every value is checked and quoted:
// none of them can say more than it is meant to.
package engine
