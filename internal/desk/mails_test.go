package desk_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// asking is a message that counts: the nth request ada is asked about.
func asking(n int) mentoring.Notice {
	return mentoring.Notice{
		Kind: mentoring.BookingRequested, Reader: mentoring.Person{ID: person("ada").ID, Email: "ada@example.org"},
		Booking: mentoring.Booking{ID: mentoring.NewBookingID([16]byte{byte(n)})},
	}
}

// A reader gets so many mails a day and not one more (product.md section 11): what is over waits for the next day. An attempt
// more of the same message is not another message, and what keeps the calendar right always goes.
func TestMailsOfADay(t *testing.T) {
	o := openOffice(t, nil)
	most := o.Policy.MailsPerDay
	for n := range most {
		claim, err := o.ClaimMessage(t.Context(), asking(n), 0, time.Minute)
		must(t, err)
		must(t, o.Release(t.Context(), claim))
	}
	tooMany := new(desk.TooManyMails)
	if _, err := o.ClaimMessage(t.Context(), asking(most), 0, time.Minute); !errors.As(err, &tooMany) {
		t.Fatalf("one more: %v", err)
	}
	if want := o.clock().Truncate(24 * time.Hour).Add(24 * time.Hour); !tooMany.Until.Equal(want) {
		t.Errorf("waits until %v, want %v", tooMany.Until, want)
	}
	_, err := o.ClaimMessage(t.Context(), asking(0), 0, time.Minute)
	must(t, err)
	invitation := asking(most)
	invitation.Kind, invitation.Calendar.Method = mentoring.BookingConfirmed, mentoring.CalendarRequest
	reminder := asking(most)
	reminder.Kind = mentoring.Reminder1h
	other := asking(most)
	other.Reader = mentoring.Person{ID: person("ben").ID, Email: "ben@example.org"}
	for _, n := range []mentoring.Notice{invitation, reminder, other} {
		_, err := o.ClaimMessage(t.Context(), n, 0, time.Minute)
		must(t, err)
	}
	o.advance(tooMany.Until.Sub(o.clock()))
	_, err = o.ClaimMessage(t.Context(), asking(most), 0, time.Minute)
	must(t, err)
}

// claimAtOnce has twice as many messages claimed side by side as a day has, until each is claimed or waits, and returns how
// many were claimed.
func claimAtOnce(t *testing.T, o *office) (claimed int) {
	t.Helper()
	most := o.Policy.MailsPerDay
	outcomes := make([]error, 2*most)
	var all sync.WaitGroup
	for n := range outcomes {
		all.Go(func() {
			for outcomes[n] = desk.ErrClaimed; errors.Is(outcomes[n], desk.ErrClaimed); {
				_, outcomes[n] = o.ClaimMessage(t.Context(), asking(n), 0, time.Minute)
			}
		})
	}
	all.Wait()
	for _, err := range outcomes {
		switch {
		case err == nil:
			claimed++
		case !errors.As(err, new(*desk.TooManyMails)):
			t.Error(err)
		}
	}
	return claimed
}

// However many messages to one reader are claimed at the same moment, no more go out than a day has. Without the versions
// of what is counted, more do.
func TestMailsOfADayAtOnce(t *testing.T) {
	o := openOffice(t, nil)
	if got := claimAtOnce(t, o); got != o.Policy.MailsPerDay {
		t.Errorf("%d were claimed of %d", got, o.Policy.MailsPerDay)
	}
	control := openOffice(t, func(engine table.Table) table.Table {
		slow := tabletest.NewLatency(engine, 2*time.Millisecond, 2*time.Millisecond)
		return tabletest.NewUnprotected(slow, func(w table.Write) bool { return len(w.Record.SK) > 6 && w.Record.SK[:6] == "MAILS#" })
	})
	if got := claimAtOnce(t, control); got <= control.Policy.MailsPerDay {
		t.Errorf("%d were claimed without the versions: the test above shows nothing", got)
	}
}

// mute applies commits and loses the answer of the first one that records a message as sent.
type mute struct {
	table.Table
	lost    bool
	commits int
}

func (m *mute) Commit(ctx context.Context, writes ...table.Write) error {
	m.commits++
	err := m.Table.Commit(ctx, writes...)
	if !m.lost && bytes.Contains(writes[0].Record.Data, []byte("sentAt")) {
		m.lost = true
		return table.ErrUnavailable
	}
	return err
}

// A message that was recorded as sent, of which only the answer was lost, is recorded: there is nothing to try again.
func TestARecordedMessageIsRecorded(t *testing.T) {
	m := &mute{}
	o := openOffice(t, func(e table.Table) table.Table { m.Table = e; return m })
	claim, err := o.ClaimMessage(t.Context(), asking(1), 0, time.Minute)
	must(t, err)
	m.commits = 0
	if err := o.Sent(t.Context(), claim, "id"); err != nil || !m.lost || m.commits != 1 {
		t.Errorf("%v after %d commits, lost %v", err, m.commits, m.lost)
	}
}
