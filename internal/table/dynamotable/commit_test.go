package dynamotable_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
)

func record(sk string, version int64) table.Record {
	return table.Record{Key: table.Key{PK: "p", SK: sk}, Version: version, Data: []byte(`{}`)}
}

var (
	insert  = table.Insert(record("a", 0))
	update  = table.Update(record("b", 3))
	remove  = table.Remove(record("c", 4))
	drop    = table.Drop(table.Key{PK: "p", SK: "d"})
	require = table.Require(record("e", 5))
)

const unmetCode = "ConditionalCheckFailed"

func reasons(r ...table.Reason) error { return &table.Refusal{Reasons: r} }

// What a commit says when DynamoDB refuses it, and how often it asks. Four attempts are the most.
func TestCommitFailures(t *testing.T) {
	one := func(w table.Write) []table.Write { return []table.Write{w} }
	all := []table.Write{insert, update, remove, drop, require}
	for name, test := range map[string]struct {
		writes   []table.Write
		answers  []answer
		want     error
		attempts int
	}{
		"transaction: applied": {all, []answer{applied}, nil, 1},
		"transaction: conditions": {all,
			[]answer{cancelled(unmetCode, unmetCode, unmetCode, "None", unmetCode)},
			reasons(table.Taken, table.Changed, table.Changed, table.Fine, table.Changed), 1},
		"transaction: conflict": {all,
			[]answer{cancelled("None", "TransactionConflict", "None", unmetCode, "None")},
			reasons(table.Fine, table.Conflict, table.Fine, table.Changed, table.Fine), 1},
		"transaction: short of capacity": {all[:2],
			[]answer{cancelled("ThrottlingError", "ProvisionedThroughputExceeded")},
			reasons(table.Throttled, table.Throttled), 1},
		"transaction: invalid write": {all[:2],
			[]answer{cancelled(unmetCode, "ValidationError")}, table.ErrInvalid, 1},
		"transaction: unheard-of reason": {all[:2],
			[]answer{cancelled("None", "Sunspots")}, table.ErrUnavailable, 1},
		"transaction: no reason":          {all[:2], []answer{cancelled("None", "None")}, table.ErrUnavailable, 1},
		"transaction: reasons of another": {all[:2], []answer{cancelled(unmetCode)}, table.ErrUnavailable, 1},
		"transaction: throttled as such": {all[:2],
			[]answer{throttled}, reasons(table.Throttled, table.Throttled), 4},
		"transaction: throttled, then not": {all, []answer{throttled, overLimit, overProvision, applied}, nil, 4},
		"transaction: in progress":         {all, []answer{inProgress, applied}, nil, 2},
		"transaction: in progress forever": {all, []answer{inProgress}, table.ErrUnavailable, 4},
		"transaction: in progress, then throttled": {all[:2],
			[]answer{inProgress, throttled}, table.ErrUnavailable, 4},
		"transaction: conflict as such":   {all[:2], []answer{conflicting}, reasons(table.Conflict, table.Conflict), 1},
		"transaction: malformed":          {all, []answer{malformed}, table.ErrInvalid, 1},
		"transaction: no table":           {all, []answer{noTable}, table.ErrUnavailable, 1},
		"transaction: not allowed":        {all, []answer{notAllowed}, table.ErrUnavailable, 1},
		"transaction: server error once":  {all, []answer{internalError, applied}, nil, 2},
		"transaction: server error":       {all, []answer{unavailable503}, table.ErrUnavailable, 4},
		"transaction: lost, then applied": {all, []answer{lost, applied}, nil, 2},
		"transaction: lost every time":    {all, []answer{lost}, table.ErrUnavailable, 4},
		"transaction: lost, then refused": {all[:2],
			[]answer{lost, cancelled(unmetCode, "None")}, table.ErrUnavailable, 2},
		"transaction: lost, throttled": {all[:2], []answer{lost, throttled}, table.ErrUnavailable, 4},
		"transaction of a check":       {one(require), []answer{cancelled(unmetCode)}, reasons(table.Changed), 1},

		"insert: applied":           {one(insert), []answer{applied}, nil, 1},
		"insert: taken":             {one(insert), []answer{unmet}, reasons(table.Taken), 1},
		"insert: conflict":          {one(insert), []answer{conflicting}, reasons(table.Conflict), 1},
		"insert: throttled":         {one(insert), []answer{overProvision}, reasons(table.Throttled), 4},
		"insert: throttled once":    {one(insert), []answer{throttled, applied}, nil, 2},
		"insert: malformed":         {one(insert), []answer{malformed}, table.ErrInvalid, 1},
		"insert: not allowed":       {one(insert), []answer{notAllowed}, table.ErrUnavailable, 1},
		"insert: lost":              {one(insert), []answer{lost, unmet}, table.ErrUnavailable, 1},
		"insert: server error":      {one(insert), []answer{internalError, unmet}, table.ErrUnavailable, 1},
		"insert: not understood":    {one(insert), []answer{fine(`<html>`), unmet}, table.ErrUnavailable, 1},
		"insert: throttled, lost":   {one(insert), []answer{throttled, lost}, table.ErrUnavailable, 2},
		"update: changed":           {one(update), []answer{unmet}, reasons(table.Changed), 1},
		"update: lost":              {one(update), []answer{lost, unmet}, table.ErrUnavailable, 1},
		"remove: changed":           {one(remove), []answer{unmet}, reasons(table.Changed), 1},
		"remove: lost":              {one(remove), []answer{lost, unmet}, table.ErrUnavailable, 1},
		"drop: conflict":            {one(drop), []answer{conflicting}, reasons(table.Conflict), 1},
		"drop: lost, then applied":  {one(drop), []answer{lost, applied}, nil, 2},
		"drop: lost, then conflict": {one(drop), []answer{lost, conflicting}, table.ErrUnavailable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStub(t, test.answers...)
			err := s.Commit(t.Context(), test.writes...)
			var want *table.Refusal
			if errors.As(test.want, &want) {
				var got *table.Refusal
				if !errors.As(err, &got) {
					t.Fatalf("got error %v, want %v", err, want)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			} else if !errors.Is(err, test.want) {
				t.Errorf("got error %v, want %v", err, test.want)
			}
			if got := len(s.sent()); got != test.attempts {
				t.Errorf("%d attempts, want %d", got, test.attempts)
			}
		})
	}
}

// One write alone goes out plain, which costs half of a transaction.
func TestCommitChoosesTheCheapestOperation(t *testing.T) {
	for _, test := range []struct {
		writes []table.Write
		want   string
	}{
		{[]table.Write{insert}, "PutItem"},
		{[]table.Write{update}, "PutItem"},
		{[]table.Write{remove}, "DeleteItem"},
		{[]table.Write{drop}, "DeleteItem"},
		{[]table.Write{require}, "TransactWriteItems"},
		{[]table.Write{insert, update}, "TransactWriteItems"},
	} {
		s := newStub(t, applied)
		if err := s.Commit(t.Context(), test.writes...); err != nil {
			t.Fatal(err)
		}
		if got := s.sent()[0].Operation; got != test.want {
			t.Errorf("%v: got %s, want %s", test.writes, got, test.want)
		}
	}
}

// All attempts of one transaction carry one token, and no other transaction has it.
func TestCommitTokens(t *testing.T) {
	s := newStub(t, lost, throttled, applied, internalError, applied)
	for range 2 {
		if err := s.Commit(t.Context(), insert, update); err != nil {
			t.Fatal(err)
		}
	}
	var tokens []string
	for _, one := range s.sent() {
		token, _ := one.Body["ClientRequestToken"].(string)
		tokens = append(tokens, token)
	}
	if len(tokens) != 5 || tokens[0] == "" || tokens[0] == tokens[3] ||
		tokens[0] != tokens[1] || tokens[1] != tokens[2] || tokens[3] != tokens[4] {
		t.Errorf("tokens %q, want three times one and twice another", tokens)
	}
}

// A connection that went dead is given up soon enough to try another one.
func TestCommitGivesUpOnSilence(t *testing.T) {
	t.Parallel()
	s := newStub(t, silence, applied)
	if err := s.Commit(t.Context(), insert, update); err != nil {
		t.Errorf("transaction: %v", err)
	}
	if got := len(s.sent()); got != 2 {
		t.Errorf("%d attempts, want 2", got)
	}
}

func TestCommitEndsWithItsContext(t *testing.T) {
	for name, writes := range map[string][]table.Write{"transaction": {insert, update}, "plain": {insert}} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := newStub(t, func(w http.ResponseWriter, r *http.Request) { cancel(); silence(w, r) })
			if err := s.Commit(ctx, writes...); !errors.Is(err, context.Canceled) || errors.Is(err, table.ErrUnavailable) {
				t.Errorf("got error %v, want only that of the context", err)
			}
		})
	}
}

// What never reached DynamoDB was not applied, and may be sent again whatever it is.
func TestCommitTriesToConnectAgain(t *testing.T) {
	s := newStub(t, applied)
	cfg := s.config
	cfg.HTTPClient = &undialled{failures: 2}
	if err := dynamotable.New(dynamotable.Connect(cfg), "stub").Commit(t.Context(), insert); err != nil {
		t.Errorf("got error %v", err)
	}
	if got := len(s.sent()); got != 1 {
		t.Errorf("%d attempts arrived, want 1", got)
	}
}

// undialled finds nobody to connect to for a while.
type undialled struct{ failures int }

func (u *undialled) Do(r *http.Request) (*http.Response, error) {
	if u.failures--; u.failures >= 0 {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return http.DefaultClient.Do(r)
}

func TestCommitWithoutServer(t *testing.T) {
	s := newStub(t, applied)
	s.close()
	for _, writes := range [][]table.Write{{insert, update}, {insert}} {
		if err := s.Commit(t.Context(), writes...); !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("%d writes: got error %v, want ErrUnavailable", len(writes), err)
		}
	}
}
