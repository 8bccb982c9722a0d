package main

import (
	"math"
	"sort"
)

// limit is something that there is only so much of in a second.
type limit struct {
	What   string
	Turn   string  // what allows more
	Next   string  // what does when that is not enough
	Used   float64 // by a million slots a day, in the busiest second
	Is     float64 // as it is deployed and as an account begins
	Turned float64
}

// Times is how many million slots a day the limit allows, as it is and turned.
func (l limit) Times() float64       { return l.Is / l.Used }
func (l limit) TimesTurned() float64 { return l.Turned / l.Used }

const (
	// partitionReads and partitionWrites are what one partition of a table or index gives in a second (DynamoDB developer
	// guide, "Best practices for designing and using partition keys effectively").
	partitionReads, partitionWrites = 3000, 1000
	// working is how long the clock begins with new jobs in a minute, and workers how many it does side by side
	// (internal/dispatch, trigger.go); a call to storage takes jobCall seconds in the clock's benchmark.
	working, workers, jobCall = 35, 128, .005
	// jobProcessor is the processor time of a job in seconds, five calls through the SDK and the decision: what
	// `go test -bench . ./internal/table/dynamotable` and ./internal/benchmarks come to.
	jobProcessor = .0005
	// hour is the part of a day's sessions that begin at the same full hour, the busiest.
	hour = 1. / 12
	// streams is how many shards the stream of a new table has, parallel how many batches of one can run side by side, and
	// together how many events of a batch are told in the time of one: ten in two goes.
	streams, parallel, together = 4, 10, 5
)

// limits are sorted by which is met first.
func (d *day) limits() []limit {
	list := d.Requests[1].RPS() + d.Requests[2].RPS()
	sifted := func(shards float64) float64 { // RCU on one shard: a page of all is read from each, what a filter sifts from all
		return perSecond(d.Requests[1].Daily*d.Requests[1].OnOpen + d.Requests[2].Daily*d.Requests[2].OnOpen/shards)
	}
	perEvent := sum(d.Events, telling) / sum(d.Events, once)
	eventsPerSecond := perSecond(sum(d.Events, once))
	ends := d.Jobs[2]
	clump := ends.Daily / 3 * 1e6 * hour // of the three, one falls due when the session ends
	// A table that writes so much has a partition for each thousand writes, and its stream a shard for each.
	grown := math.Ceil(perSecond(sum(d.all(), wcu)) / partitionWrites)
	all := []limit{
		{"requests to one route, `GET /v1/slots`", "`RouteRate`, `RouteBurst`", "", list, 100, 10_000},
		{"requests to all routes", "quota of API Gateway: requests per second", "", perSecond(sum(d.Requests, once)), 10_000, 100_000},
		{"writes to the table", "`TableMaxWrites`", "", perSecond(sum(d.all(), writes)), 4000, 1e6},
		{"reads of the table and its list", "`TableMaxReads`", "", perSecond(sum(d.all(), rcu)), 12_000, 1e6},
		{"requests under way", "quota of Lambda: concurrent executions", "", perSecond(sum(d.Requests, seconds)), 1000, 10_000},
		{"mails", "quota of SES: sending rate", "a higher quota, or a second region", perSecond(sum(d.Events, mails)), 14, 1000},
		{"events told by the mailer", "`MailParallelism`", "larger batches, and tell the two of an event side by side", eventsPerSecond,
			streams * together / perEvent, grown * parallel * together / perEvent},
		{"writes to the partitions of the outbox", "`OutboxShards`", "", eventsPerSecond * 3, 4 * partitionWrites, 64 * partitionWrites},
		{"jobs of the busiest full hour: calls side by side", "none", "a clock for each part of the shards", clump,
			working * workers / (float64(ends.Rounds) * jobCall), working * workers / (float64(ends.Rounds) * jobCall)},
		{"jobs of the busiest full hour: the clock's processor", "`MemorySize` of ClockFunction: 10,240 MB are 5.8 processors",
			"a clock for each part of the shards", clump, working / jobProcessor, 5.8 * working / jobProcessor},
		{"writes to the partitions of the list, `OPEN#00`", "`OpenShards`", "", perSecond(d.Requests[4].Daily + d.Events[0].Daily), partitionWrites, 16 * partitionWrites},
		{"reads of one partition of the list", "`OpenShards`, for what filters sift", "keep the first pages in each process for a second: " +
			"every list begins at the same place, now, so neither shards nor DynamoDB's own splitting spread these reads",
			sifted(1), partitionReads, partitionReads * sifted(1) / sifted(8)},
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Times() < all[j].Times() })
	return all
}
