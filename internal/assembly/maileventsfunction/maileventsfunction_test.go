package maileventsfunction_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/maileventsfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/table/bolttable"
)

// The samples in events/mailevents, through the runtime's own handler: what becomes of their addresses, and that no log
// line names one.
func TestSampleEvents(t *testing.T) {
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	now := func() time.Time { return time.Date(2026, 11, 22, 9, 1, 0, 0, time.UTC) }
	var log bytes.Buffer
	here := assembly.Surroundings{Table: engine, Now: now, Log: &log}
	storage := config.Table{OutboxShards: 4, OpenShards: 1}
	function := lambda.NewHandler(maileventsfunction.New(config.MailEvents{
		Table: storage, Account: "123456789012", ConfigurationSet: "flash-mentoring", LogLevel: slog.LevelDebug,
	}, here).Handle)
	office := assembly.Desk(storage, config.Policy{}, here)

	samples, err := filepath.Glob("../../../events/mailevents/*.json")
	if err != nil || len(samples) != 4 {
		t.Fatalf("there are %d samples (%v)", len(samples), err)
	}
	for _, file := range samples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // EventBridge delivers at least once
			if answer, err := function.Invoke(t.Context(), text); err != nil {
				t.Errorf("%s: %s, %v", filepath.Base(file), answer, err)
			}
		}
	}
	for address, want := range map[string]desk.SuppressionReason{
		"bounce@simulator.amazonses.com": desk.SuppressedBounce, "complaint@simulator.amazonses.com": desk.SuppressedComplaint,
		"ooto@simulator.amazonses.com": "", "success@simulator.amazonses.com": "",
	} {
		held, err := office.Suppression(t.Context(), address)
		if err != nil || (held == nil) != (want == "") || held != nil && held.Reason != want {
			t.Errorf("%s: %+v, %v; want %q", address, held, err, want)
		}
	}
	if lines := log.String(); strings.Contains(lines, "@") || strings.Count(lines, "SuppressedAddresses") != 4 {
		t.Errorf("the log names addresses, or does not count two of them once:\n%s", lines)
	}
}
