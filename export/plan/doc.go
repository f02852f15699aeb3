// Package plan divides a large job into shards that any engine can run, each by
// its number: an array job of Kubernetes, AWS Batch or Slurm, or a loop.
//
// A run is a folder, or a prefix of keys:
//
//	plan.json             what is to be done, with what options: [Plan]
//	shards/00012.jsonl    the documents of a shard, a line each: [Entry]
//	sessions/00012/       what was made of them
//	results/00012-….jsonl what became of each, a line each: [Result]
//	done/00012.json       written last: the shard is done, [Marker]
//	failed/00012.json     in its place, where nothing of the shard could be read
//
// The plan never changes once it is written, and a worker needs nothing but it
// and its own shard: it lists nothing and speaks to no other worker. Nothing is
// ever overwritten with other bytes: two attempts at one shard make the same
// sessions, and the first marker says which attempt's results hold, so that one
// may overtake the other.
package plan
