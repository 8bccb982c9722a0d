package simulation

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mailevents"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// role is a function that is no request's: mailer, clock or mailevents. What it keeps in memory lives as long as its
// process; when that is killed, another takes its place.
type role struct{ dispatcher *dispatch.Dispatcher }

func (w *world) newDesk(t table.Table) *desk.Desk {
	return desk.New(desk.Config{
		Table: t, Now: w.now, Random: w.noise, Policy: w.policy, Topics: mentoring.StarterTopics,
		OpenShards: 1, OutboxShards: 2, DueShards: 2,
	})
}

func (w *world) newDispatcher() *dispatch.Dispatcher {
	return dispatch.New(dispatch.Config{
		Desk: w.api, Composer: composer, Sender: w.post, Account: w.post.Account, Jitter: w.noise.part, Log: w.log,
		Metrics: telemetry.NewMetrics(slog.New(slog.DiscardHandler), "Simulation", w.now),
	})
}

var composer = func() *mail.Composer {
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@example.org>", Domain: "example.org"})
	if err != nil {
		panic(err)
	}
	return c
}()

// work has a role do something.
func (w *world) work(r *role, what string, within time.Duration, do func(ctx context.Context) error, ended func(killed bool, err error)) {
	t := &task{what: what}
	t.ended = func(err error) {
		if t.dead {
			r.dispatcher = w.newDispatcher()
		}
		ended(t.dead, err)
	}
	w.stage.begin(t, within, do)
}

// tick is the clock's.
func (w *world) tick() {
	w.work(w.clock, "tick", 50*time.Second, func(ctx context.Context) error { return w.clock.dispatcher.Tick(ctx) }, func(_ bool, err error) {
		if err != nil && w.calm {
			w.wrong("the clock's tick: %v", err)
		}
	})
}

// stream is what the table's stream brings of new rows of the outbox: late, twice, in any order, or never.
type stream struct{ waiting []table.Key }

func (s *stream) heard(k table.Key) { s.waiting = append(s.waiting, k) }

// deliver hands a batch to the mailer.
func (w *world) deliver() {
	s := w.stream
	w.lots.Shuffle(min(len(s.waiting), w.disorder), func(i, j int) { s.waiting[i], s.waiting[j] = s.waiting[j], s.waiting[i] })
	n := min(len(s.waiting), 1+w.lots.IntN(5))
	batch := slices.Clone(s.waiting[:n])
	s.waiting = s.waiting[n:]
	if w.lots.chance(w.deaf) {
		return // lost
	}
	if w.lots.chance(w.deaf) {
		s.waiting = append(s.waiting, batch...) // and once more
	}
	var answer events.DynamoDBEventResponse
	w.work(w.mailer, "stream", 60*time.Second, func(ctx context.Context) (err error) {
		answer, err = w.mailer.dispatcher.Stream(ctx, inserted(batch))
		return err
	}, func(killed bool, err error) {
		if err != nil && !killed {
			w.wrong("the mailer's stream: %v", err)
		}
		from := len(batch)
		if killed || err != nil {
			from = 0
		} else if len(answer.BatchItemFailures) > 0 {
			_, _ = fmt.Sscan(answer.BatchItemFailures[0].ItemIdentifier, &from)
		}
		s.waiting = append(s.waiting, batch[from:]...)
	})
}

// inserted is an event of the stream about new rows, numbered by their place in the batch.
func inserted(keys []table.Key) (e events.DynamoDBEvent) {
	for i, k := range keys {
		e.Records = append(e.Records, events.DynamoDBEventRecord{
			EventName: string(events.DynamoDBOperationTypeInsert),
			Change: events.DynamoDBStreamRecord{
				Keys: map[string]events.DynamoDBAttributeValue{
					"PK": events.NewStringAttribute(k.PK), "SK": events.NewStringAttribute(k.SK),
				},
				SequenceNumber: fmt.Sprint(i),
			},
		})
	}
	return e
}

// bounce has the mail service tell that one of the last mails came back.
func (w *world) bounce() {
	all := w.post.box.Messages("")
	if len(all) == 0 {
		return
	}
	place := sesbox.Place{Account: "123456789012", Region: "eu-central-1", ConfigurationSet: "mails"}
	m := all[len(all)-1-w.lots.IntN(min(len(all), 5))]
	text := m.Event(from(w.lots, []sesbox.Outcome{sesbox.Bounced, sesbox.SoftBounced, sesbox.Complained, sesbox.Delivered}), place, w.now())
	handler := mailevents.New(mailevents.Config{
		Desk: w.api, Account: place.Account, ConfigurationSet: place.ConfigurationSet, Log: w.log,
		Metrics: telemetry.NewMetrics(slog.New(slog.DiscardHandler), "Simulation", w.now),
	})
	w.work(w.mailer, "mail event", 10*time.Second, func(ctx context.Context) error { return handler.Handle(ctx, text) }, func(bool, error) {})
}
